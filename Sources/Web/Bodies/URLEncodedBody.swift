import OffstageSchema

/// `application/x-www-form-urlencoded` (WHATWG URL, section 5.1).
enum URLEncodedBody {
    /// Several lists fit in, each as long as a list may be.
    static let fieldsAtMost = 10_000

    static func read(_ bytes: [UInt8]) throws(Failure) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            guard fields.count < fieldsAtMost else {
                throw Failure(.malformed, "A form may have at most \(fieldsAtMost) fields.")
            }
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard let name = PercentEncoding.decode(bytes: pair[..<equals], plusIsSpace: true),
                let value = PercentEncoding.decode(bytes: pair[equals...].dropFirst(), plusIsSpace: true)
            else { throw Failure(.malformed, "The form holds bytes that are not UTF-8.") }
            fields.append((name, value))
        }
        return fields
    }
}
