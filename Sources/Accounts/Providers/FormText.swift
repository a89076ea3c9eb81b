/// Names and values as forms send them (RFC 6749, appendix B). Everything but the unreserved characters of RFC 3986 is
/// escaped, so that it can also stand in a query.
enum FormText {
    static func of(_ parameters: [(name: String, value: String)]) -> String {
        parameters.map { "\(escaped($0.name))=\(escaped($0.value))" }.joined(separator: "&")
    }

    static func escaped(_ text: String) -> String {
        let digits: StaticString = "0123456789ABCDEF"
        var escaped: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                escaped.append(byte)
            default:
                escaped.append(UInt8(ascii: "%"))
                escaped.append(digits.utf8Start[Int(byte >> 4)])
                escaped.append(digits.utf8Start[Int(byte & 0xf)])
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    /// An address with more parameters; a query that it has is kept (RFC 6749, section 3.1).
    static func adding(_ parameters: [(name: String, value: String)], to address: String) -> String {
        let separator =
            if !address.contains("?") { "?" } else if address.hasSuffix("?") || address.hasSuffix("&") { "" } else {
                "&"
            }
        return address + separator + of(parameters)
    }
}
