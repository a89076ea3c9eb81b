import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// A Hummingbird server that does nothing: what the way through it costs, whatever is asked.
enum HTTPFloor {
    /// As long as an order.
    private static let body =
        #"{"id":"0192f0c1-2d3e-7abc-8def-0123456789ab","customer":"Customer 4711","status":"paid","total":"123.45","#
        + #""created":"2025-01-01T00:00:00.000Z","updated":"2025-01-01T00:00:00.000Z","version":1}"#

    static func serve(port: Int) async throws {
        let bytes = ByteBuffer(string: body)
        let head = HTTPResponse(
            status: .ok,
            headerFields: [.contentType: "application/json", .contentLength: String(bytes.readableBytes)]
        )
        let channel = HTTP1Channel(responder: { _, writer, _ in
            try await writer.write(response: head, body: ResponseBody(byteBuffer: bytes))
        })
        var quiet = Logger(label: "floor")
        quiet.logLevel = .error
        let server = channel.server(
            configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: port), serverName: nil),
            onServerRunning: { _ in },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: quiet
        )
        try await server.run()
    }
}
