/// Reads JSON (RFC 8259) from bytes. Refuses names that stand twice with different values, nesting over a limit, texts
/// that are not UTF-8, and surrogates without their partner; never rounds a number and never traps.
package struct JSONParser {
    package struct Refusal: Error, Hashable, Sendable {
        /// Byte position, from 0.
        package let offset: Int
        package let reason: String
    }

    package static let deepest = 64

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var depth = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The one value that the bytes hold.
    package static func parse(_ bytes: some Sequence<UInt8>) throws(Refusal) -> JSON {
        let result: Result<JSON, Refusal>? = bytes.withContiguousStorageIfAvailable { parse(buffer: $0) }
        if let result { return try result.get() }
        return try Array(bytes).withUnsafeBufferPointer { parse(buffer: $0) }.get()
    }

    private static func parse(buffer: UnsafeBufferPointer<UInt8>) -> Result<JSON, Refusal> {
        var parser = JSONParser(buffer)
        do throws(Refusal) {
            return .success(try parser.document())
        } catch {
            return .failure(error)
        }
    }

    private mutating func document() throws(Refusal) -> JSON {
        skipWhiteSpace()
        let value = try value()
        skipWhiteSpace()
        guard position == bytes.count else { throw refusal("something follows the value") }
        return value
    }

    private mutating func value() throws(Refusal) -> JSON {
        guard let byte = peek() else { throw refusal("a value is missing") }
        switch byte {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        case UInt8(ascii: "t"):
            try word("true")
            return .boolean(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .boolean(false)
        case UInt8(ascii: "n"):
            try word("null")
            return .null
        default: throw refusal("a value cannot start here")
        }
    }

    private mutating func object() throws(Refusal) -> JSON {
        try enter()
        var members: [JSON.Member] = []
        var positions: [ExactText: Int] = [:]
        skipWhiteSpace()
        if take(UInt8(ascii: "}")) { return leave(.object([])) }
        while true {
            skipWhiteSpace()
            let start = position
            guard peek() == UInt8(ascii: "\"") else { throw refusal("a name in quotes is missing") }
            let name = try string()
            // A few names are compared with each other; only an object with many pays for a dictionary.
            let earlier =
                members.count < 16
                ? members.firstIndex { $0.name.isExactly(name) } : Self.position(of: name, in: members, &positions)
            skipWhiteSpace()
            guard take(UInt8(ascii: ":")) else { throw refusal("a colon is missing after a name") }
            skipWhiteSpace()
            let member = JSON.Member(name, try value())
            if let earlier {
                // Said twice alike is no contradiction (JSONTestSuite accepts it); readers differ on anything else.
                guard members[earlier] == member else {
                    throw Refusal(offset: start, reason: "the name \"\(Self.excerpt(name))\" stands twice")
                }
            } else {
                members.append(member)
            }
            skipWhiteSpace()
            if take(UInt8(ascii: "}")) { return leave(.object(members)) }
            guard take(UInt8(ascii: ",")) else { throw refusal("a comma or } is missing") }
        }
    }

    /// Where a name stands among the members, by a dictionary that is brought up to them.
    private static func position(
        of name: String,
        in members: [JSON.Member],
        _ positions: inout [ExactText: Int]
    ) -> Int? {
        for position in positions.count..<members.count { positions[ExactText(members[position].name)] = position }
        return positions[ExactText(name)]
    }

    private mutating func array() throws(Refusal) -> JSON {
        try enter()
        var elements: [JSON] = []
        skipWhiteSpace()
        if take(UInt8(ascii: "]")) { return leave(.array([])) }
        while true {
            skipWhiteSpace()
            elements.append(try value())
            skipWhiteSpace()
            if take(UInt8(ascii: "]")) { return leave(.array(elements)) }
            guard take(UInt8(ascii: ",")) else { throw refusal("a comma or ] is missing") }
        }
    }

    private mutating func enter() throws(Refusal) {
        depth += 1
        guard depth <= Self.deepest else { throw refusal("nested deeper than \(Self.deepest) levels") }
        position += 1
    }

    private mutating func leave(_ value: JSON) -> JSON {
        depth -= 1
        return value
    }

    private mutating func word(_ word: StaticString) throws(Refusal) {
        let start = position
        for offset in 0..<word.utf8CodeUnitCount {
            guard peek() == word.utf8Start[offset] else {
                throw Refusal(offset: start, reason: "a value cannot start here")
            }
            position += 1
        }
    }

    private mutating func number() throws(Refusal) -> String {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if take(UInt8(ascii: "0")) {
            if let next = peek(), Self.isDigit(next) { throw refusal("a number does not start with 0") }
        } else {
            try digits()
        }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits() throws(Refusal) {
        let start = position
        while let byte = peek(), Self.isDigit(byte) { position += 1 }
        guard position > start else { throw refusal("a digit is missing") }
    }

    private mutating func string() throws(Refusal) -> String {
        let start = position + 1
        position = start
        // Most strings hold no escape: their bytes are the text, and if all are ASCII, nothing is to be validated.
        var union: UInt8 = 0
        while let byte = peek(), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            union |= byte
            position += 1
        }
        if peek() == UInt8(ascii: "\""), union < 0x80 {
            position += 1
            return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position - 1]), as: UTF8.self)
        }
        var text: [UInt8] = []
        while true {
            guard let byte = peek() else { throw refusal("a string does not end") }
            switch byte {
            case UInt8(ascii: "\""):
                let end = position
                position += 1
                return text.isEmpty
                    ? try decoded(bytes[start..<end], at: start)
                    : try decoded(text, at: start)
            case UInt8(ascii: "\\"):
                if text.isEmpty { text.append(contentsOf: bytes[start..<position]) }
                try escape(into: &text)
            // An escape never yields nothing, so `text` tells from here on.
            case 0..<0x20:
                throw refusal("a control character in a string must be escaped")
            default:
                if !text.isEmpty { text.append(byte) }
                position += 1
            }
        }
    }

    private func decoded(_ units: some Sequence<UInt8>, at start: Int) throws(Refusal) -> String {
        guard let text = String(validating: units, as: UTF8.self) else {
            throw Refusal(offset: start, reason: "a string is not UTF-8")
        }
        return text
    }

    private mutating func escape(into text: inout [UInt8]) throws(Refusal) {
        let start = position
        position += 1
        guard let byte = peek() else { throw refusal("a string does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): try unicodeEscape(into: &text, from: start)
        default: throw Refusal(offset: start, reason: "an unknown escape in a string")
        }
    }

    private mutating func unicodeEscape(into text: inout [UInt8], from start: Int) throws(Refusal) {
        let lone = Refusal(offset: start, reason: "a surrogate stands without its partner")
        var code = try fourDigits()
        if (0xdc00...0xdfff).contains(code) { throw lone }
        if (0xd800...0xdbff).contains(code) {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw lone }
            let low = try fourDigits()
            guard (0xdc00...0xdfff).contains(low) else { throw lone }
            code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw lone }
        text.append(contentsOf: UTF8.encode(scalar) ?? .init())
    }

    private mutating func fourDigits() throws(Refusal) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = byte.hexadecimalDigit else {
                throw refusal("four hexadecimal digits must follow \\u")
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func excerpt(_ text: String) -> String {
        // Code points, since one character may be as long as the text.
        let start = text.unicodeScalars.prefix(40)
        return start.endIndex < text.endIndex ? String(start) + "…" : text
    }

    @inline(__always)
    private func peek() -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    @inline(__always)
    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipWhiteSpace() {
        while let byte = peek(), Self.isWhiteSpace(byte) { position += 1 }
    }

    /// Insignificant white space (RFC 8259, section 2).
    @inline(__always)
    static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
    }

    private func refusal(_ reason: String) -> Refusal {
        Refusal(offset: position, reason: reason)
    }
}
