import OffstageSchema
import Synchronization

/// A client of the served app. Connections are kept and used again, as browsers do.
final class Client: Sendable {
    let port: Int
    let app: ServedApp
    private let stop: @Sendable () async -> Void
    private let idle = Mutex<[Connection]>([])
    private let opened = Mutex<[Connection]>([])

    init(port: Int, app: ServedApp, stop: @escaping @Sendable () async -> Void) {
        self.port = port
        self.app = app
        self.stop = stop
    }

    /// The server's own origin, as a browser sends it.
    var origin: String { "http://127.0.0.1:\(port)" }

    /// A connection of the test's own, for what no honest client sends.
    func connect() async throws -> Connection {
        let connection = try await Connection.open(port: port)
        opened.withLock { $0.append(connection) }
        return connection
    }

    func closeAll() async {
        let all = opened.withLock { opened in
            defer { opened = [] }
            return opened
        }
        idle.withLock { $0 = [] }
        for connection in all { await connection.close() }
    }

    /// Asks the server to stop, as SIGTERM does.
    func stopServer() async {
        await stop()
    }

    // MARK: Requests

    func send(
        _ method: String,
        _ path: String,
        _ headers: Headers = [:],
        body: [UInt8]? = nil
    ) async throws -> Response {
        let kept = idle.withLock { $0.popLast() }
        let connection: Connection
        if let kept, kept.isOpen { connection = kept } else { connection = try await connect() }
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
        for (name, value) in headers.pairs { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        connection.sendWithoutWaiting(Array((head + "\r\n").utf8) + (body ?? []))
        let response = try await connection.response(to: method)
        if response["Connection"]?.lowercased() == "close" {
            await connection.close()
        } else {
            idle.withLock { $0.append(connection) }
        }
        return response
    }

    func get(_ path: String, _ headers: Headers = [:]) async throws -> Response {
        try await send("GET", path, headers)
    }

    func head(_ path: String, _ headers: Headers = [:]) async throws -> Response {
        try await send("HEAD", path, headers)
    }

    func delete(_ path: String, _ headers: Headers = [:]) async throws -> Response {
        try await send("DELETE", path, headers)
    }

    func post(_ path: String, _ json: JSON, _ headers: Headers = [:]) async throws -> Response {
        try await sendJSON("POST", path, json.text, headers)
    }

    func put(_ path: String, _ json: JSON, _ headers: Headers = [:]) async throws -> Response {
        try await sendJSON("PUT", path, json.text, headers)
    }

    func patch(_ path: String, _ json: JSON, _ headers: Headers = [:]) async throws -> Response {
        try await sendJSON("PATCH", path, json.text, headers)
    }

    /// A body of JSON as it is written, right or wrong.
    func sendJSON(_ method: String, _ path: String, _ text: String, _ headers: Headers = [:]) async throws -> Response {
        try await send(method, path, headers.adding("Content-Type", "application/json"), body: Array(text.utf8))
    }

    /// A post as a form of a page sends it.
    func postForm(_ path: String, _ body: String, _ headers: Headers = [:]) async throws -> Response {
        let all = headers.adding("Content-Type", "application/x-www-form-urlencoded")
        return try await send("POST", path, all, body: Array(body.utf8))
    }

    /// A post as a browser sends it: wants a page, and says where it comes from.
    func postAsBrowser(_ path: String, _ body: String, _ headers: Headers = [:]) async throws -> Response {
        let all = headers.adding("Accept", "text/html,application/xhtml+xml,*/*;q=0.8").adding("Origin", origin)
        return try await postForm(path, body, all)
    }

    /// All records of a collection.
    func all(_ collection: String, sort: String = "id") async throws -> [JSON] {
        try await get("/api/\(collection)?limit=500&sort=\(sort)").items
    }
}
