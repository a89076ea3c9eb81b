import Glibc
import HummingbirdCore
package import Logging
package import NIOCore
import ServiceLifecycle

/// The HTTP server as a service: answers until it is asked to stop, finishes what is under way, then ends.
package struct WebServer: Service {
    private let server: any Service

    /// Bytes of all header fields of a request.
    private static let headerBytesAtMost = 32 * 1024

    private static let connectionsLargest = 20_000
    private static let filesLeftOver = 128
    private static let connectionsAtOnce: UInt = 256

    /// Connections at once, within what the system lets the process open.
    private static var connectionsAtMost: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 512 }
        return min(connectionsLargest, max(16, Int(clamping: limit.rlim_cur) - filesLeftOver))
    }

    /// - Parameters:
    ///   - host: the address to listen on.
    ///   - port: 0 for any free one.
    ///   - answersShortRequests: whether those are answered on the event loops; otherwise all go the server's own way.
    ///   - onListening: told the address once requests are taken.
    package init(
        app: WebApp,
        host: String,
        port: Int,
        group: any EventLoopGroup,
        accessLog: AccessLog,
        times: ConnectionTimes = ConnectionTimes(),
        answersShortRequests: Bool = true,
        logger: Logger,
        onListening: @escaping @Sendable (SocketAddress?) async -> Void
    ) {
        let responder = Responder(app: app, accessLog: accessLog, logger: logger)
        let channel = HTTP1Channel(
            responder: responder.respond,
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [
                    ConnectionSetUp(times: times, answeringShortRequests: answersShortRequests ? responder : nil)
                ],
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
            configuration: ServerConfiguration(
                address: .hostname(host, port: port),
                serverName: nil,
                backlog: 1024,
                // Further ones wait in the backlog. The system's libraries need files to open of their own.
                availableConnectionsDelegate: MaximumAvailableConnections(Self.connectionsAtMost, logger: quiet)
            ),
            onServerRunning: { channel in
                // As many new connections as wait, each time; four at a time, as is usual, starve beside busy ones.
                try? await channel.setOption(.maxMessagesPerRead, value: Self.connectionsAtOnce).get()
                await onListening(channel.localAddress)
            },
            eventLoopGroup: group,
            logger: quiet
        )
    }

    package func run() async throws {
        try await server.run()
    }
}
