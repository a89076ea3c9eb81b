import HTTPTypes
import OffstageSchema
import OffstageWeb

/// Who asks, as tests say it: the header `X-Test-Account: 2 role=customer` is the account with the second id of `TestSessions.id`
/// and that field. Without the header it is a visitor.
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
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { fields[parts[0]] = .text(parts[1]) }
        }
        return .account(Account(id: id(number), address: address, fields: fields))
    }

    static func id(_ number: Int) -> Identifier {
        Identifier(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(number))
    }

    static func header(_ number: Int, role: String) -> Headers {
        ["X-Test-Account": "\(number) role=\(role)"]
    }
}
