import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Servers that do nothing: what the way through Hummingbird costs, whatever is asked.
enum HTTPFloor {
    /// As long as an order.
    private static let body = ByteBuffer(
        string:
            #"{"id":"0192f0c1-2d3e-7abc-8def-0123456789ab","customer":"Customer 4711","status":"paid","total":"123.45","#
            + #""created":"2025-01-01T00:00:00.000Z","updated":"2025-01-01T00:00:00.000Z","version":1}"#
    )
    private static let fields: HTTPFields = [
        .contentType: "application/json", .contentLength: String(body.readableBytes),
    ]

    private static var quiet: Logger {
        var logger = Logger(label: "floor")
        logger.logLevel = .error
        return logger
    }

    /// An application with one route, as its users write one.
    static func serveApplication(port: Int) async throws {
        let router = Router()
        for path in ["/", "**"] as [RouterPath] {
            router.get(path) { _, _ in
                Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: body))
            }
        }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            logger: quiet
        )
        try await application.runService()
    }

    /// Its server alone, without routes and contexts.
    static func serveCore(port: Int) async throws {
        let head = HTTPResponse(status: .ok, headerFields: fields)
        let channel = HTTP1Channel(responder: { _, writer, _ in
            try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
        })
        let server = channel.server(
            configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: port), serverName: nil),
            onServerRunning: { _ in },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: quiet
        )
        try await server.run()
    }
}
