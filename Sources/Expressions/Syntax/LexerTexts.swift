import OffstageSchema

extension Lexer {
    /// The form of a text literal: its prefixes and its quotation marks.
    private struct TextForm {
        var raw = false
        var bytes = false
        var quote: UInt8 = 0
        var triple = false
        /// Length of prefix and opening quotation mark.
        var opening = 0
    }

    /// A string or bytes literal when one starts here: `"…"`, `'…'`, `"""…"""`, `r"…"`, `b"…"`, `br"…"`.
    mutating func textLiteral() throws(ExpressionRefusal) -> Token.Kind? {
        guard let form = textForm() else { return nil }
        let start = offset
        offset += form.opening
        var content: [UInt8] = []
        while true {
            guard let byte = peek() else { throw refusal("found a text without its closing quotation mark", at: start) }
            if byte == form.quote, !form.triple || (peek(1) == form.quote && peek(2) == form.quote) { break }
            if !form.triple, byte == 0x0a || byte == 0x0d {
                throw refusal(
                    "found the end of the line inside a text; expected its closing quotation mark",
                    at: offset
                )
            }
            if byte == UInt8(ascii: "\\"), !form.raw {
                try escape(bytes: form.bytes, into: &content)
            } else {
                content.append(byte)
                offset += 1
            }
        }
        offset += form.triple ? 3 : 1
        return form.bytes ? .bytes(content) : .string(String(decoding: content, as: UTF8.self))
    }

    private func textForm() -> TextForm? {
        var form = TextForm()
        var ahead = 0
        if peek(ahead).map({ $0 | 0x20 }) == UInt8(ascii: "b") {
            form.bytes = true
            ahead += 1
        }
        if peek(ahead).map({ $0 | 0x20 }) == UInt8(ascii: "r") {
            form.raw = true
            ahead += 1
        }
        guard let quote = peek(ahead), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        form.quote = quote
        form.triple = peek(ahead + 1) == quote && peek(ahead + 2) == quote
        form.opening = ahead + (form.triple ? 3 : 1)
        return form
    }

    /// Reads one escape sequence. `\x` and octal are a byte in bytes and a code point in a string.
    private mutating func escape(bytes inBytes: Bool, into content: inout [UInt8]) throws(ExpressionRefusal) {
        let start = offset
        guard let letter = peek(1) else { throw refusal("found a backslash at the end", at: start) }
        offset += 2
        switch letter {
        case UInt8(ascii: "a"): content.append(0x07)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0c)
        case UInt8(ascii: "n"): content.append(0x0a)
        case UInt8(ascii: "r"): content.append(0x0d)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "v"): content.append(0x0b)
        case UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
            content.append(letter)
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            try append(digits(2, radix: 16, start: start), asByte: inBytes, to: &content, start: start)
        case UInt8(ascii: "u") where !inBytes:
            try append(digits(4, radix: 16, start: start), asByte: false, to: &content, start: start)
        case UInt8(ascii: "U") where !inBytes:
            try append(digits(8, radix: 16, start: start), asByte: false, to: &content, start: start)
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            offset -= 1
            try append(digits(3, radix: 8, start: start), asByte: inBytes, to: &content, start: start)
        default:
            throw refusal(
                "found an unknown escape; expected one of \\n \\t \\\\ \\\" \\' \\xHH \\uHHHH \\UHHHHHHHH",
                at: start
            )
        }
    }

    private mutating func digits(_ count: Int, radix: UInt32, start: Int) throws(ExpressionRefusal) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = peek()?.hexadecimalDigit, UInt32(digit) < radix else {
                throw refusal("found an escape that is too short; expected \(count) digits", at: start)
            }
            value = value &* radix &+ UInt32(digit)
            offset += 1
        }
        return value
    }

    private mutating func append(
        _ value: UInt32,
        asByte: Bool,
        to content: inout [UInt8],
        start: Int
    ) throws(ExpressionRefusal) {
        if asByte, let byte = UInt8(exactly: value) {
            content.append(byte)
            return
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw refusal("found an escape that is no Unicode character", at: start)
        }
        content.append(contentsOf: String(scalar).utf8)
    }
}
