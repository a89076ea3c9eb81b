import HTTPTypes
package import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import OffstageSchema

/// Guards one connection: cuts off who sends or reads too slowly, and answers what is no HTTP with a problem before it
/// closes. Stands between the HTTP codec and the server.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum Phase {
        /// Between requests, or before the first: headers may be on their way.
        case waiting
        case receiving
        case answering
    }

    private let times: ConnectionTimes
    private var phase = Phase.waiting
    private var isAnswering = false
    /// Requests whose answer has not been written yet: those that came whole, and the one on its way.
    private var unanswered = 0
    /// What to answer with, and then close, once the requests before it have their answers.
    private var refusal: Failure?
    /// Nothing is written after the last answer.
    private var hasEnded = false
    private var deadline: Scheduled<Void>?
    private var stalled: Scheduled<Void>?

    init(times: ConnectionTimes) {
        self.times = times
    }

    func handlerAdded(context: ChannelHandlerContext) {
        addPersistence(context)
        if context.channel.isActive { schedule(times.request, context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        schedule(times.request, context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancel()
        // What was sent halfway must not pass for the whole.
        if phase == .receiving { context.fireErrorCaught(ChannelError.inputClosed) }
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            phase = .receiving
            unanswered += 1
            schedule(times.request, context)
        case .body(let buffer):
            // An upload of many megabytes may take long as long as it moves; a small body may not drip.
            received += buffer.readableBytes
            if received >= Self.bytesThatBuyTime {
                received = 0
                schedule(times.request, context)
            }
        case .end:
            received = 0
            deadline?.cancel()
            deadline = nil
            phase = unanswered > 0 ? .answering : .waiting
            if unanswered == 0 { schedule(times.idle, context) }
        }
        context.fireChannelRead(data)
    }

    /// Bytes of the body since the deadline was set.
    private var received = 0
    /// So many give a request its whole time again: two kilobytes a second are the least that is waited for.
    private static let bytesThatBuyTime = 65_536

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !hasEnded else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.kind != .informational: isAnswering = true
        case .head, .body: break
        case .end:
            isAnswering = false
            unanswered -= 1
            if phase == .answering, unanswered == 0 {
                phase = .waiting
                schedule(times.idle, context)
            }
            context.write(data, promise: promise)
            if let refusal, unanswered == 0 { answerAndClose(refusal, context) }
            return
        }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stalled?.cancel()
        stalled = nil
        if !context.channel.isWritable {
            let loopBound = context.loopBound
            stalled = context.eventLoop.assumeIsolated().scheduleTask(in: times.reader) {
                loopBound.value.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else {
            context.fireErrorCaught(error)
            return
        }
        let failure =
            error == .headerOverflow
            ? Failure(.headersTooLarge, "The headers are larger than 32 KiB.")
            : Failure(.malformed, "The request is not HTTP as this server reads it.")
        switch phase {
        case .receiving: breakOff(failure, context)
        case .waiting, .answering:
            if unanswered > 0 { refusal = failure } else { answerAndClose(failure, context) }
        }
    }

    private func schedule(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        let loopBound = context.loopBound
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: time) { [weak self] in
            self?.timeIsOver(loopBound.value)
        }
    }

    private func timeIsOver(_ context: ChannelHandlerContext) {
        deadline = nil
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
        cancel()
        guard !isAnswering else {
            context.close(promise: nil)
            return
        }
        isAnswering = true
        var reply = Problem.reply(failure, request: "")
        reply.headers[.connection] = "close"
        let loopBound = context.loopBound
        context.write(
            wrapOutboundOut(.head(HTTPResponse(status: reply.status, headerFields: reply.headers))),
            promise: nil
        )
        if case .bytes(let bytes) = reply.body {
            context.write(wrapOutboundOut(.body(ByteBuffer(bytes: bytes))), promise: nil)
        }
        hasEnded = true
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            loopBound.value.close(promise: nil)
        }
    }

    private func addPersistence(_ context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        guard let decoder = try? pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self) else { return }
        try? pipeline.addHandler(Persistence(), position: .after(decoder))
    }

    private func cancel() {
        deadline?.cancel()
        stalled?.cancel()
        deadline = nil
        stalled = nil
    }
}

/// How long a connection may take for what.
package struct ConnectionTimes: Sendable {
    /// To send a request, or a further part of a large one.
    package var request: TimeAmount = .seconds(30)
    /// Between two requests.
    package var idle: TimeAmount = .seconds(75)
    /// Without reading anything of an answer that waits.
    package var reader: TimeAmount = .seconds(60)

    package init() {}
}
