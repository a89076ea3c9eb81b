import HTTPTypes
import NIOHTTP1
import NIOHTTPTypesHTTP1

extension HTTPRequest {
    /// Of a body that is collected before the request is answered.
    private static let bytesAtMost = 65_536

    /// The head of a short request: one for /api or /forms whose body, if it has one, is small and of known length.
    ///
    /// Says the same as the codec of the server does. Nil for all others, which go the server's own way: what waits for the
    /// word to go on, asks for another protocol, speaks HTTP/1.0, or names the server as a proxy would.
    init?(short head: HTTPRequestHead) {
        guard head.version == .http1_1, head.method != .CONNECT,
            head.uri.hasPrefix("/api/") || head.uri.hasPrefix("/forms/"),
            let method = try? Method(head.method)
        else { return nil }
        var fields = HTTPFields()
        fields.reserveCapacity(head.headers.count)
        var authority: String?
        for (text, value) in head.headers {
            guard let name = HTTPField.Name(text) else { return nil }
            switch name.canonicalName {
            case "transfer-encoding", "expect", "upgrade": return nil
            case "content-length":
                guard let length = Int(value), length <= Self.bytesAtMost else { return nil }
            case "host" where authority == nil:
                authority = value
                continue
            default: break
            }
            fields.append(HTTPField(name: name, value: value))
        }
        self.init(method: method, scheme: "http", authority: authority, path: head.uri, headerFields: fields)
    }
}
