import NIOCore
import NIOHTTP1

/// Ends the connection after the answer when one side says so (RFC 9112, section 9.3), which HTTP/1.0 does by saying
/// nothing; and refuses requests that do not name one host (section 3.2). Stands beside the HTTP codec, where versions
/// are still to be seen.
final class Persistence: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private struct Wanted {
        let version: HTTPVersion
        let isKept: Bool
        let isHead: Bool
    }

    /// Of each request that is not answered yet, in order.
    private var wanted: [Wanted] = []
    private var closesAfterAnswer = false
    /// Whatever else comes is passed over.
    private var isRefused = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        if case .head(let head) = unwrapInboundIn(data) {
            let hosts = head.headers["host"].count
            guard hosts == 1 || hosts == 0 && head.version == .http1_0 else {
                isRefused = true
                context.fireErrorCaught(HTTPParserError.invalidHeaderToken)
                return
            }
            // After a request to upgrade the parser reads no further requests, so there is one answer and no more.
            let isKept = head.isKeepAlive && !head.headers.contains(name: "upgrade") && head.method != .CONNECT
            wanted.append(Wanted(version: head.version, isKept: isKept, isHead: head.method == .HEAD))
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where !(100..<200).contains(head.status.code):
            // An older client knows no chunks, so the end of the connection ends the body.
            if wanted.first?.version == .http1_0 { head.version = .http1_0 }
            // The answer to HEAD has no body, and so not the end of a chunked one either.
            let hasLength = head.headers.contains(name: "content-length") || [204, 304].contains(head.status.code)
            if wanted.first?.isHead == true, !hasLength { head.version = .http1_0 }
            closesAfterAnswer = !head.isKeepAlive || wanted.first.map { !$0.isKept } ?? false
            if closesAfterAnswer { head.headers.replaceOrAdd(name: "connection", value: "close") }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            if !wanted.isEmpty { wanted.removeFirst() }
            guard closesAfterAnswer else {
                context.write(data, promise: promise)
                return
            }
            // Only this side ends: with bytes unread, closing at once could take the answer back (section 9.6).
            isRefused = true
            let loopBound = context.loopBound
            let written = promise ?? context.eventLoop.makePromise()
            written.futureResult.whenComplete { _ in loopBound.value.close(mode: .output, promise: nil) }
            context.writeAndFlush(data, promise: written)
        default: context.write(data, promise: promise)
        }
    }
}
