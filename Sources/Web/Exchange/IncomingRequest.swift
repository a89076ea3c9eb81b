import HTTPTypes
import HummingbirdCore
import NIOCore
import OffstageSchema

/// A request on its way through a route: its parts, read and checked once.
struct IncomingRequest: Sendable {
    /// Named in the log and in problems.
    let id: String
    let method: HTTPRequest.Method
    let headers: HTTPFields
    /// The segments of the path, percent-decoded.
    let path: [String]
    /// The path as it was sent, without the query.
    let rawPath: String
    var query: Query
    /// A visitor until the session was read, which not every address needs.
    var sender: Sender
    /// Why the credentials that it came with are good for nothing, where that does not end it: the page to sign in must show.
    var credentialFailure: Failure?
    /// The network address of whom the request came from.
    let address: String
    let body: RequestBody

    var principal: Principal { sender.principal }

    /// What the browser or client named as the server: the `Host` header.
    let authority: String?

    init(
        head: HTTPRequest,
        body: RequestBody,
        id: String,
        address: String,
        sender: Sender
    ) throws(Failure) {
        self.id = id
        method = head.method
        headers = head.headerFields
        self.body = body
        self.address = address
        authority = head.authority
        self.sender = sender
        let target = Self.originForm(head.path ?? "/")
        let end = target.startOfQuery
        rawPath = end.map { String(target[..<$0]) } ?? target
        query =
            try end.map { index throws(Failure) in try Query(target[target.utf8.index(after: index)...]) } ?? Query()
        path = try Self.segments(rawPath)
    }

    /// A request may name the whole address, as to a proxy (RFC 9112, section 3.2.2): its path and query count.
    private static func originForm(_ target: String) -> String {
        guard target.utf8.first != UInt8(ascii: "/"), let address = WebAddress(target) else { return target }
        return address.path.hasPrefix("/") ? address.path : "/" + address.path
    }

    /// `/api/products/` as `["api", "products", ""]`.
    private static func segments(_ path: String) throws(Failure) -> [String] {
        if let plain = plainSegments(path) { return plain }
        let bytes = path.utf8
        guard bytes.first == UInt8(ascii: "/") else {
            throw Failure(.malformed, "The path must start with a slash.")
        }
        var segments: [String] = []
        for segment in bytes.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let decoded = PercentEncoding.decode(Substring(segment)), !decoded.utf8.contains(0) else {
                throw Failure(.malformed, "The path holds an escape that is no text.")
            }
            // Browsers resolve these before they ask; who sends them wants out of a folder.
            let mayClimb = decoded.utf8.contains(UInt8(ascii: "."))
            guard !mayClimb || !decoded.split(whereSeparator: { $0 == "/" || $0 == "\\" }).contains("..") else {
                throw Failure(.malformed, "The path holds \"..\", which leads nowhere here.")
            }
            segments.append(decoded)
        }
        return segments
    }
}

extension String {
    /// Where the question mark of an address stands.
    var startOfQuery: String.Index? {
        let mark = UInt8(ascii: "?")
        let found = utf8.withContiguousStorageIfAvailable { bytes in bytes.firstIndex(of: mark) }
        guard let found else { return utf8.firstIndex(of: mark) }
        return found.map { utf8.index(utf8.startIndex, offsetBy: $0) }
    }
}

extension IncomingRequest {
    /// The segments of a path without escapes and dots, which most are; nil for any other.
    private static func plainSegments(_ path: String) -> [String]? {
        var path = path
        return path.withUTF8 { bytes -> [String]? in
            guard bytes.first == UInt8(ascii: "/") else { return nil }
            var segments: [String] = []
            segments.reserveCapacity(4)
            var start = 1
            for position in 1..<bytes.count {
                switch bytes[position] {
                case UInt8(ascii: "/"):
                    segments.append(String(decoding: bytes[start..<position], as: UTF8.self))
                    start = position + 1
                case 0, UInt8(ascii: "%"), UInt8(ascii: "."), UInt8(ascii: "\\"): return nil
                default: break
                }
            }
            segments.append(String(decoding: bytes[start...], as: UTF8.self))
            return segments
        }
    }
}

/// The parameters behind the question mark, in order.
struct Query: Sendable {
    private(set) var parameters: [(name: String, value: String)] = []

    static let parametersAtMost = 100

    init() {}

    init(_ text: Substring) throws(Failure) {
        guard !text.isEmpty else { return }
        for pair in text.utf8.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard let name = PercentEncoding.decode(Substring(pair[..<equals]), plusIsSpace: true),
                let value = PercentEncoding.decode(Substring(pair[equals...].dropFirst()), plusIsSpace: true),
                !name.utf8.contains(0), !value.utf8.contains(0)
            else { throw Failure(.malformed, "A parameter holds an escape that is no text.") }
            guard parameters.count < Self.parametersAtMost else {
                throw Failure(.malformed, "At most \(Self.parametersAtMost) parameters can be given.")
            }
            guard !parameters.contains(where: { $0.name == name }) else {
                throw Failure(.malformed, "The parameter \"\(name.prefix(80))\" is given twice.")
            }
            parameters.append((name, value))
        }
    }

    subscript(name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    /// Adds parameters that came another way.
    mutating func carry(_ others: [(name: String, value: String)]) {
        for other in others where self[other.name] == nil { parameters.append(other) }
    }

    /// Refuses what a route does not know: a misspelt parameter must not silently do nothing.
    func allow(_ known: [String]) throws(Failure) {
        for parameter in parameters where !known.contains(parameter.name) {
            let list = known.isEmpty ? "There are none here." : "Known here: \(known.joined(separator: ", "))."
            throw Failure(.malformed, "The parameter \"\(parameter.name.prefix(80))\" is not known. \(list)")
        }
    }
}
