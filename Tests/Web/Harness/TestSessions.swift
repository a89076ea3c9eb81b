import HTTPTypes
import OffstageSchema
import OffstageWeb

/// Who asks, as tests say it: the header `X-Test-Account: 2 role=customer` is the account with the second id of `TestSessions.id`
/// and that field; with `scope=orders:read+create` it is a key that may do no more than that. Without the header it is a visitor.
enum TestSessions {
    static let reader = SessionReader { (headers, address) throws(Failure) in
        guard let name = HTTPField.Name("X-Test-Account"), let text = headers[name] else {
            return .visitor(address: address)
        }
        let words = text.split(separator: " ")
        guard let first = words.first, let number = Int(first) else {
            throw Failure(.unauthenticated, "No such account.")
        }
        var fields: [String: Value] = [:]
        var scope: KeyScope?
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            if parts[0] == "scope" { scope = keyScope(parts[1]) } else { fields[parts[0]] = .text(parts[1]) }
        }
        return .account(Account(id: id(number), address: address, fields: fields, scope: scope))
    }

    static func id(_ number: Int) -> Identifier {
        Identifier(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(number))
    }

    /// `orders:read+create,lines:read`
    private static func keyScope(_ text: String) -> KeyScope {
        let parts = text.split(separator: ",").map { $0.split(separator: ":").map(String.init) }
        let verbs = parts.map {
            ($0[0], Set($0[1].split(separator: "+").compactMap { Access.Verb(rawValue: String($0)) }))
        }
        return KeyScope(Dictionary(verbs, uniquingKeysWith: { first, _ in first }))
    }

    static func header(_ number: Int, role: String, scope: String? = nil) -> Headers {
        ["X-Test-Account": "\(number) role=\(role)" + (scope.map { " scope=\($0)" } ?? "")]
    }
}
