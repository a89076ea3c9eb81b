import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import OffstageSchema

/// Guards one connection: cuts off who sends or reads too slowly, refuses what is no HTTP with a problem before it closes, and
/// ends the connection after an answer when one side says so. Stands beside the HTTP codec, where versions are still to be seen.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        /// Between requests, or before the first: headers may be on their way.
        case waiting
        case receiving
        case answering
    }

    private let times: ConnectionTimes
    private var deadlines: Deadlines?
    private var persistence = Persistence()
    private var phase = Phase.waiting
    private var isAnswering = false
    /// Requests whose answer has not been written yet: those that came whole, and the one on its way.
    private var unanswered = 0
    /// What to answer with, and then close, once the requests before it have their answers.
    private var refusal: Failure?
    /// Whatever else comes is passed over.
    private(set) var isDeaf = false
    /// Nothing is written after the last answer.
    private(set) var hasEnded = false
    private var context: ChannelHandlerContext?

    init(times: ConnectionTimes) {
        self.times = times
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let own = context.loopBound
        let deadlines = Deadlines(context.eventLoop) { [weak self] in
            self?.timeIsOver(own.value)
        } isStalled: {
            own.value.close(promise: nil)
        }
        self.deadlines = deadlines
        if context.channel.isActive { deadlines.await(within: times.request) }
    }

    func channelActive(context: ChannelHandlerContext) {
        deadlines?.await(within: times.request)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadlines?.cancel()
        // What was sent halfway must not pass for the whole.
        if phase == .receiving { context.fireErrorCaught(ChannelError.inputClosed) }
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadlines?.cancel()
        deadlines = nil
        self.context = nil
    }

    // MARK: Requests

    /// Bytes of the body since the deadline was set.
    private var received = 0
    /// So many give a request its whole time again: two kilobytes a second are the least that is waited for.
    private static let bytesThatBuyTime = 65_536

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDeaf else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard persistence.received(head) else {
                isDeaf = true
                refuse(Self.notHTTP, context)
                return
            }
            phase = .receiving
            unanswered += 1
            deadlines?.await(within: times.request)
        case .body(let buffer):
            // An upload of many megabytes may take long as long as it moves; a small body may not drip.
            received += buffer.readableBytes
            if received >= Self.bytesThatBuyTime {
                received = 0
                deadlines?.await(within: times.request)
            }
        case .end:
            received = 0
            phase = unanswered > 0 ? .answering : .waiting
            if unanswered == 0 { deadlines?.await(within: times.idle) } else { deadlines?.awaitNothing() }
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else {
            context.fireErrorCaught(error)
            return
        }
        refuse(
            error == .headerOverflow ? Failure(.headersTooLarge, "The headers are larger than 32 KiB.") : Self.notHTTP,
            context
        )
    }

    private static let notHTTP = Failure(.malformed, "The request is not HTTP as this server reads it.")

    private func refuse(_ failure: Failure, _ context: ChannelHandlerContext) {
        switch phase {
        case .receiving: breakOff(failure, context)
        case .waiting, .answering:
            if unanswered > 0 { refusal = failure } else { answerAndClose(failure, context) }
        }
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !hasEnded else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head) where !(100..<200).contains(head.status.code):
            isAnswering = true
            persistence.begin(&head)
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            isAnswering = false
            let written = promise ?? (persistence.endsAfterAnswer ? context.eventLoop.makePromise() : nil)
            context.write(data, promise: written)
            answered(written?.futureResult, context)
        case .head, .body: context.write(data, promise: promise)
        }
    }

    /// Whether an answer that is about to be written whole ends the connection.
    ///
    /// - Parameter closes: whether the answer itself wants that.
    func beginWhole(closes: Bool) -> Bool {
        persistence.beginWhole(closes: closes)
    }

    /// Takes note of an answer that was written whole, past this handler.
    ///
    /// - Parameter written: told when it is with the system; needed where the answer ends the connection.
    func endWhole(_ written: EventLoopFuture<Void>?) {
        if let context { answered(written, context) }
    }

    private func answered(_ written: EventLoopFuture<Void>?, _ context: ChannelHandlerContext) {
        unanswered -= 1
        if phase == .answering, unanswered == 0 {
            phase = .waiting
            deadlines?.await(within: times.idle)
        }
        if persistence.ended() {
            // Only this side ends: with bytes unread, closing at once could take the answer back (RFC 9112, section 9.6).
            isDeaf = true
            let own = context.loopBound
            (written ?? context.eventLoop.makeSucceededVoidFuture()).whenComplete { _ in
                own.value.close(mode: .output, promise: nil)
            }
            context.flush()
        } else if let refusal, unanswered == 0 {
            answerAndClose(refusal, context)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        deadlines?.reader(within: context.channel.isWritable ? nil : times.reader)
        context.fireChannelWritabilityChanged()
    }

    // MARK: The end

    private func timeIsOver(_ context: ChannelHandlerContext) {
        switch phase {
        case .receiving: breakOff(Failure(.timeout, "The request did not arrive completely in time."), context)
        case .waiting: context.close(promise: nil)
        case .answering: break
        }
    }

    /// Ends a request in the middle of its body. It has its answer already when nobody waited for the body, and those
    /// before it may still wait for theirs; a further answer would be taken for another request's.
    private func breakOff(_ failure: Failure, _ context: ChannelHandlerContext) {
        if unanswered == 1 { answerAndClose(failure, context) } else { context.close(promise: nil) }
        context.fireErrorCaught(ChannelError.inputClosed)
    }

    private func answerAndClose(_ failure: Failure, _ context: ChannelHandlerContext) {
        deadlines?.cancel()
        guard !isAnswering else {
            context.close(promise: nil)
            return
        }
        isAnswering = true
        hasEnded = true
        var reply = Problem.reply(failure, request: "")
        reply.headers[.connection] = "close"
        let head = HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: reply.status.code),
            headers: HTTPHeaders(reply.headers)
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if case .bytes(let bytes) = reply.body {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
        }
        let own = context.loopBound
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in own.value.close(promise: nil) }
    }
}
