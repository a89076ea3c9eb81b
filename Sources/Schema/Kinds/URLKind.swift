/// An absolute web address, `http` or `https`.
package struct URLKind: Hashable, Sendable, ValueReader {
    package static let maximum = 2048

    package init() {}

    package func read(text: String) throws(Fault) -> Value {
        let text = try NormalizedText.read(text)
        guard text.utf8.count <= Self.maximum else {
            throw Fault("", .url, "must be a web address of at most \(Self.maximum) bytes")
        }
        guard WebAddress(text) != nil else {
            throw Fault("", .url, "must be a web address that starts with http:// or https://")
        }
        return .text(text)
    }
}
