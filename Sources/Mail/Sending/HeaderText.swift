/// Text in the headers of a message (RFC 5322, section 2.2; RFC 2047).
enum HeaderText {
    /// Whether a character may end a line or a text somewhere: controls, and the separators of Unicode.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029: true
        default: false
        }
    }

    /// As it is where it is short and ASCII, else as encoded words, folded.
    static func unstructured(_ text: String) -> String {
        let isPlain = text.utf8.count <= 66 && text.utf8.allSatisfy { (0x20...0x7e).contains($0) }
        return isPlain && text.firstRange(of: "=?") == nil ? text : encodedWords(text)
    }

    /// A name before an address (RFC 5322, section 3.2.5).
    static func phrase(_ name: String) -> String {
        guard name.utf8.count <= 60, name.utf8.allSatisfy({ (0x20...0x7e).contains($0) }),
            name.firstRange(of: "=?") == nil
        else { return encodedWords(name) }
        var quoted = "\""
        for character in name {
            if character == "\"" || character == "\\" { quoted.append("\\") }
            quoted.append(character)
        }
        return quoted + "\""
    }

    /// RFC 2047, section 2: a line has at most 76 characters, the header's name included, and a word holds whole characters.
    private static func encodedWords(_ text: String) -> String {
        var words: [String] = []
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            let more = Array(String(scalar).utf8)
            if bytes.count + more.count > 39 {
                words.append(word(bytes))
                bytes = []
            }
            bytes += more
        }
        if !bytes.isEmpty { words.append(word(bytes)) }
        return words.joined(separator: "\r\n ")
    }

    private static func word(_ bytes: [UInt8]) -> String { "=?UTF-8?B?\(Base64.encode(bytes))?=" }
}

/// RFC 4648, section 4.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = group.reduce(0) { $0 << 8 | Int($1) }
            bits <<= 8 * (3 - group.count)
            for place in 0..<4 {
                let digit = bits >> (6 * (3 - place)) & 0x3f
                text.append(place <= group.count ? alphabet[digit] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
