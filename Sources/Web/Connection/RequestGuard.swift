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
    private var deadline: Scheduled<Void>?
    private var stalled: Scheduled<Void>?

    init(times: ConnectionTimes) {
        self.times = times
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { schedule(times.request, context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        schedule(times.request, context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            phase = .receiving
            schedule(times.request, context)
        case .body:
            // An upload of many megabytes may take long as long as it moves; a small body may not drip.
            if isMoving { schedule(times.request, context) }
            received += 1
        case .end:
            phase = .answering
            received = 0
            deadline?.cancel()
            deadline = nil
        }
        context.fireChannelRead(data)
    }

    /// Pieces of the body so far. A piece is what the socket gave at once, so a drip makes as many pieces as a flood;
    /// every 16 pieces buy more time, and the limit on the body bounds them.
    private var received = 0
    private var isMoving: Bool { received % 16 == 15 }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.kind != .informational: isAnswering = true
        case .head, .body: break
        case .end:
            isAnswering = false
            if phase == .answering {
                phase = .waiting
                schedule(times.idle, context)
            }
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
        answerAndClose(failure, context)
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
        case .receiving:
            answerAndClose(Failure(.timeout, "The request did not arrive completely in time."), context)
        case .waiting: context.close(promise: nil)
        case .answering: break
        }
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
        context.write(wrapOutboundOut(.head(HTTPResponse(status: reply.status, headerFields: reply.headers))), promise: nil)
        if case .bytes(let bytes) = reply.body {
            context.write(wrapOutboundOut(.body(ByteBuffer(bytes: bytes))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            loopBound.value.close(promise: nil)
        }
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
