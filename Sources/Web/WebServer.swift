import HummingbirdCore
package import Logging
package import NIOCore
import ServiceLifecycle

/// The HTTP server as a service: answers until it is asked to stop, finishes what is under way, then ends.
package struct WebServer: Service {
    private let server: any Service

    /// Bytes of all header fields of a request.
    private static let headerBytesAtMost = 32 * 1024

    /// - Parameters:
    ///   - host: the address to listen on.
    ///   - port: 0 for any free one.
    ///   - onListening: told the address once requests are taken.
    package init(
        app: WebApp,
        host: String,
        port: Int,
        group: any EventLoopGroup,
        accessLog: AccessLog,
        times: ConnectionTimes = ConnectionTimes(),
        logger: Logger,
        onListening: @escaping @Sendable (SocketAddress?) async -> Void
    ) {
        let responder = Responder(app: app, accessLog: accessLog, logger: logger)
        let channel = HTTP1Channel(
            responder: responder.respond,
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [RequestGuard(times: times)],
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: Self.headerBytesAtMost,
                    maxHeaderListSize: Self.headerBytesAtMost,
                    maxHeaderFieldCount: 200
                )
            )
        )
        var quiet = logger
        quiet.logLevel = .error
        server = channel.server(
            configuration: ServerConfiguration(address: .hostname(host, port: port), serverName: nil, backlog: 1024),
            onServerRunning: { await onListening($0.localAddress) },
            eventLoopGroup: group,
            logger: quiet
        )
    }

    package func run() async throws {
        try await server.run()
    }
}
