import OffstageSchema

/// A response as it came over the wire.
struct Response: Sendable {
    let status: Int
    let reason: String
    let headers: [(name: String, value: String)]
    let body: [UInt8]

    /// All values of a header, joined with a comma; nil when it is not there.
    subscript(name: String) -> String? {
        let values = headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON; null when it is none.
    var json: JSON { (try? JSONParser.parse(body)) ?? .null }

    /// The problem's code.
    var code: String? { json["code"]?.string }

    /// The problem's faults, as `pointer code`.
    var faults: [String] {
        json["errors"]?.elements.map { "\($0["pointer"]?.string ?? "?") \($0["code"]?.string ?? "?")" } ?? []
    }

    /// The problem's messages.
    var messages: [String] {
        json["errors"]?.elements.map { $0["message"]?.string ?? "?" } ?? []
    }

    /// The status with the problem's code: `422 invalid`.
    var outcome: String { code.map { "\(status) \($0)" } ?? "\(status)" }

    var id: String { json["id"]?.string ?? "" }

    var items: [JSON] { json["items"]?.elements ?? [] }
}

/// Reads one response from a connection (RFC 9112), strictly: what is no HTTP fails the test.
struct ResponseReader {
    let connection: Connection

    func read(_ method: String) async throws -> Response {
        let start = try await line()
        let parts = start.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "HTTP/1.1" || parts[0] == "HTTP/1.0", let status = Int(parts[1]) else {
            throw ConnectionFailure(description: "no status line: \(start)")
        }
        var headers: [(name: String, value: String)] = []
        while true {
            let line = try await line()
            if line.isEmpty { break }
            guard let colon = line.firstIndex(of: ":") else {
                throw ConnectionFailure(description: "no header: \(line)")
            }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers.append((String(line[..<colon]), String(value)))
        }
        let head = Response(status: status, reason: String(parts[2]), headers: headers, body: [])
        let body = try await body(of: head, method)
        return Response(status: status, reason: head.reason, headers: headers, body: body)
    }

    private func body(of head: Response, _ method: String) async throws -> [UInt8] {
        if method == "HEAD" || head.status < 200 || head.status == 204 || head.status == 304 { return [] }
        if head["Transfer-Encoding"] == "chunked" {
            guard head["Content-Length"] == nil else { throw ConnectionFailure(description: "length and chunks") }
            return try await chunks()
        }
        guard let text = head["Content-Length"] else { return try await connection.rest() }
        guard let length = Int(text) else { throw ConnectionFailure(description: "a length of \(text)") }
        return try await bytes(length)
    }

    private func chunks() async throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let size = try await line()
            guard let count = Int(size, radix: 16) else { throw ConnectionFailure(description: "a chunk of \(size)") }
            body += try await bytes(count)
            guard try await line().isEmpty else { throw ConnectionFailure(description: "a chunk that does not end") }
            if count == 0 { return body }
        }
    }

    private func bytes(_ count: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count { bytes.append(try await byte()) }
        return bytes
    }

    private func line() async throws -> String {
        var bytes: [UInt8] = []
        while true {
            let next = try await byte()
            if next == 0x0d {
                guard try await byte() == 0x0a else { throw ConnectionFailure(description: "CR without LF") }
                return String(decoding: bytes, as: UTF8.self)
            }
            bytes.append(next)
        }
    }

    private func byte() async throws -> UInt8 {
        guard let byte = try await connection.next() else {
            throw ConnectionFailure(description: "the connection ended in a response")
        }
        return byte
    }
}
