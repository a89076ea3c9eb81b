/// Cuts a text into tokens (CEL langdef, "Syntax"). Works on bytes; never looks behind.
struct Lexer {
    let bytes: [UInt8]
    var offset = 0
    private var line = 1
    private var lineStart = 0
    /// Continuation bytes seen on the current line: a column counts characters.
    private var continuationBytes = 0
    private var counted = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The tokens of a whole text, the last one `.end`.
    static func tokens(of text: String) throws(ExpressionRefusal) -> [Token] {
        var lexer = Lexer(text)
        var tokens: [Token] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    /// The byte `ahead` of the current one, or nil behind the end.
    func peek(_ ahead: Int = 0) -> UInt8? {
        offset + ahead < bytes.count ? bytes[offset + ahead] : nil
    }

    /// The position of a byte at or behind the last one asked for.
    mutating func position(_ place: Int) -> ExpressionPosition {
        while counted < place, counted < bytes.count {
            let byte = bytes[counted]
            counted += 1
            if byte == UInt8(ascii: "\n") {
                line += 1
                lineStart = counted
                continuationBytes = 0
            } else if byte & 0xc0 == 0x80 {
                continuationBytes += 1
            }
        }
        return ExpressionPosition(offset: place, line: line, column: place - lineStart - continuationBytes + 1)
    }

    mutating func refusal(_ message: String, at place: Int) -> ExpressionRefusal {
        ExpressionRefusal([ExpressionFault(position(place), message)])
    }

    private mutating func next() throws(ExpressionRefusal) -> Token {
        skipBlanks()
        let start = position(offset)
        return Token(kind: try kind(), position: start)
    }

    private mutating func skipBlanks() {
        while let byte = peek() {
            switch byte {
            case 0x09, 0x0a, 0x0c, 0x0d, 0x20:
                offset += 1
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
                while let byte = peek(), byte != 0x0a { _ = byte; offset += 1 }
            default:
                return
            }
        }
    }

    private mutating func kind() throws(ExpressionRefusal) -> Token.Kind {
        guard let byte = peek() else { return .end }
        if let literal = try textLiteral() { return literal }
        if Self.startsWord(byte) { return word() }
        if Self.isDigit(byte) || (byte == UInt8(ascii: ".") && peek(1).map(Self.isDigit) == true) {
            return try number()
        }
        if byte == UInt8(ascii: "`") { return try quotedIdentifier() }
        if let symbol = symbol() { return .symbol(symbol) }
        throw refusal("found \(characterInWords()), which no expression contains here", at: offset)
    }

    private mutating func word() -> Token.Kind {
        let start = offset
        while let byte = peek(), Self.startsWord(byte) || Self.isDigit(byte) { offset += 1 }
        let word = String(decoding: bytes[start..<offset], as: UTF8.self)
        return word == "in" ? .symbol(.membership) : .identifier(word)
    }

    private mutating func quotedIdentifier() throws(ExpressionRefusal) -> Token.Kind {
        let start = offset
        offset += 1
        while let byte = peek(), byte != UInt8(ascii: "`") {
            guard Self.startsWord(byte) || Self.isDigit(byte) || "./- ".utf8.contains(byte) else {
                throw refusal("found \(characterInWords()) in a name between backticks", at: offset)
            }
            offset += 1
        }
        guard peek() != nil, offset > start + 1 else {
            throw refusal("found a name between backticks without its end", at: start)
        }
        offset += 1
        return .quotedIdentifier(String(decoding: bytes[start + 1..<offset - 1], as: UTF8.self))
    }

    private mutating func symbol() -> Token.Symbol? {
        guard let first = peek() else { return nil }
        if let second = peek(1),
            let symbol = Token.Symbol(rawValue: String(decoding: [first, second], as: UTF8.self)),
            symbol != .membership
        {
            offset += 2
            return symbol
        }
        guard let symbol = Token.Symbol(rawValue: String(decoding: [first], as: UTF8.self)) else { return nil }
        offset += 1
        return symbol
    }

    private func characterInWords() -> String {
        let rest = String(decoding: bytes[offset..<min(offset + 4, bytes.count)], as: UTF8.self)
        guard let scalar = rest.unicodeScalars.first else { return "the end" }
        if scalar == "=" { return "\"=\" (equality is written \"==\")" }
        if scalar == "&" || scalar == "|" { return "\"\(scalar)\" (written twice: \"\(scalar)\(scalar)\")" }
        return scalar.value < 0x20 ? "a control character" : "\"\(scalar)\""
    }

    static func startsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: false
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
