import OffstageSchema

/// Percent-encoding of addresses and forms (RFC 3986, section 2.1; WHATWG URL, application/x-www-form-urlencoded).
enum PercentEncoding {
    /// The decoded text; nil when it is not UTF-8. A percent sign without two digits stands for itself, as in browsers.
    static func decode(_ text: Substring, plusIsSpace: Bool = false) -> String? {
        let isPlain = text.utf8.allSatisfy { $0 != UInt8(ascii: "%") && ($0 != UInt8(ascii: "+") || !plusIsSpace) }
        if isPlain { return String(text) }
        return decode(bytes: Array(text.utf8)[...], plusIsSpace: plusIsSpace)
    }

    static func decode(bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.endIndex,
                let high = bytes[index + 1].hexadecimalDigit, let low = bytes[index + 2].hexadecimalDigit
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
                index += 1
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    /// A value for a query: everything but unreserved characters is escaped.
    static func encode(_ text: String) -> String {
        var text = text
        return text.withUTF8 { bytes in
            guard let first = bytes.firstIndex(where: { !isUnreserved($0) }) else { return nil }
            let digits: StaticString = "0123456789ABCDEF"
            var encoded = Array(bytes[..<first])
            for byte in bytes[first...] {
                if isUnreserved(byte) {
                    encoded.append(byte)
                } else {
                    encoded.append(UInt8(ascii: "%"))
                    encoded.append(digits.utf8Start[Int(byte >> 4)])
                    encoded.append(digits.utf8Start[Int(byte & 0xf)])
                }
            }
            return String(decoding: encoded, as: UTF8.self)
        } ?? text
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "~"), UInt8(ascii: ","):
            true
        default: false
        }
    }
}
