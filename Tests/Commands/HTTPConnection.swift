import Foundation
import Glibc

/// What a server answered.
struct HTTPAnswer: Sendable {
    let status: Int
    /// By lower-case name.
    let headers: [String: String]
    let body: Data

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object.
    func object() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: body) as? [String: Any] ?? [:]
    }
}

/// A plain blocking HTTP/1.1 client over one socket, so that nothing hides what the server does. One thread uses it.
final class HTTPConnection {
    /// The connection ended, or nobody listens.
    struct Gone: Error {}

    private let descriptor: Int32
    private var waiting: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw Gone() }
    }

    deinit { close(descriptor) }

    func answer(
        _ method: String,
        _ path: String,
        _ headers: [String: String] = [:],
        body: String? = nil
    ) throws -> HTTPAnswer {
        try send(Self.head(method, path, headers, length: body?.utf8.count) + (body ?? ""))
        return try receive()
    }

    static func head(_ method: String, _ path: String, _ headers: [String: String], length: Int?) -> String {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: localhost"]
        lines += headers.map { "\($0.key): \($0.value)" }
        if let length { lines.append("Content-Length: \(length)") }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    func send(_ text: String) throws {
        var text = text
        try text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count, let base = bytes.baseAddress {
                let count = Glibc.send(descriptor, base + done, bytes.count - done, Int32(MSG_NOSIGNAL))
                guard count > 0 else { throw Gone() }
                done += count
            }
        }
    }

    /// Reads one answer, an interim one (1xx) too.
    func receive() throws -> HTTPAnswer {
        let head = String(decoding: try take(through: Array("\r\n\r\n".utf8)), as: UTF8.self)
        let lines = head.components(separatedBy: "\r\n").filter { !$0.isEmpty }
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count >= 2, let status = Int(words[1]) else { throw Gone() }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            headers[line[..<colon].lowercased()] = value
        }
        var body: [UInt8] = []
        if let length = headers["content-length"].flatMap({ Int($0) }) {
            body = try take(length)
        } else if headers["transfer-encoding"] == "chunked" {
            while true {
                let line = String(decoding: try take(through: Array("\r\n".utf8)), as: UTF8.self)
                guard let length = Int(line.trimmingCharacters(in: .whitespacesAndNewlines), radix: 16) else {
                    throw Gone()
                }
                body += try take(length)
                _ = try take(2)
                if length == 0 { break }
            }
        }
        return HTTPAnswer(status: status, headers: headers, body: Data(body))
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while waiting.count < count { try fill() }
        defer { waiting.removeFirst(count) }
        return Array(waiting.prefix(count))
    }

    private func take(through end: [UInt8]) throws -> [UInt8] {
        while true {
            if let range = waiting.firstRange(of: end) { return try take(range.upperBound) }
            try fill()
        }
    }

    private func fill() throws {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &piece, piece.count, 0)
        guard count > 0 else { throw Gone() }
        waiting += piece[0..<count]
    }
}
