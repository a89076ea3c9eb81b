import NIOCore
import NIOHTTP1

/// Puts the handlers of this folder where they belong, beside the HTTP codec. Itself it lets everything pass.
final class ConnectionSetUp: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let times: ConnectionTimes
    /// Who answers short requests on the event loop; nil when all go the server's own way.
    private let responder: Responder?

    init(times: ConnectionTimes, answeringShortRequests responder: Responder?) {
        self.times = times
        self.responder = responder
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let requestGuard = RequestGuard(times: times)
            try pipeline.addHandler(requestGuard, position: .after(decoder))
            guard let responder else { return }
            let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
            let short = ShortRequests(responder: responder, requestGuard: requestGuard, encoder: encoder)
            try pipeline.addHandler(short, position: .after(requestGuard))
        } catch {
            // Without them nothing bounds the connection.
            context.close(promise: nil)
        }
    }
}
