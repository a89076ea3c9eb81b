extension Parser {
    /// A primary and what follows it: `.name`, `.name(…)`, `[…]`.
    mutating func member() throws(ExpressionRefusal) -> SyntaxNode {
        var value = try primary()
        while true {
            let position = current.position
            if take(.dot) {
                value = try selection(of: value, at: position)
            } else if take(.openBracket) {
                try enter()
                let index = try expression()
                leave()
                try expect(.closeBracket, orElse: "\"]\"")
                value = try node(.index(value, index), at: position, over: [value, index])
            } else if current.kind == .symbol(.openBrace) {
                throw refusal("found \"{\"; messages do not exist here, only maps: {\"key\": value}", at: position)
            } else {
                return value
            }
        }
    }

    private mutating func selection(
        of value: SyntaxNode,
        at position: ExpressionPosition
    ) throws(ExpressionRefusal) -> SyntaxNode {
        let token = current
        switch token.kind {
        case .quotedIdentifier(let name):
            advance()
            return try node(.member(value, name), at: token.position, over: [value])
        case .identifier(let name) where !Self.literalWords.contains(name):
            advance()
            guard current.kind == .symbol(.openParenthesis) else {
                return try node(.member(value, name), at: token.position, over: [value])
            }
            let arguments = try arguments()
            return try call(name, absolute: false, receiver: value, arguments: arguments, at: token.position)
        default:
            throw unexpected("the name of a member")
        }
    }

    static let literalWords: Set<String> = ["true", "false", "null"]

    private mutating func primary() throws(ExpressionRefusal) -> SyntaxNode {
        let token = current
        switch token.kind {
        case .identifier(let name):
            return try named(name, absolute: false)
        case .symbol(.dot):
            advance()
            guard case .identifier(let name) = current.kind, !Self.literalWords.contains(name) else {
                throw unexpected("a name")
            }
            return try named(name, absolute: true)
        case .symbol(.openParenthesis):
            advance()
            try enter()
            let inner = try expression()
            leave()
            try expect(.closeParenthesis, orElse: "\")\"")
            return inner
        case .symbol(.openBracket):
            advance()
            let elements = try sequence(until: .closeBracket, closing: "\"]\"")
            return try node(.list(elements), at: token.position, over: elements)
        case .symbol(.openBrace):
            return try map()
        default:
            return try literal()
        }
    }

    private mutating func literal() throws(ExpressionRefusal) -> SyntaxNode {
        let token = current
        let negative = take(.minus)
        let number = current
        let value: Datum
        switch number.kind {
        case .integer(let magnitude):
            // -2^63 has no positive counterpart, so the sign is applied before the range is checked.
            guard let signed = Int64(exactly: negative ? -Int128(magnitude) : Int128(magnitude)) else {
                throw refusal("the number is too large for 64 bits", at: token.position)
            }
            value = .int(signed)
        case .double(let magnitude):
            value = .double(negative ? -magnitude : magnitude)
        case .unsigned(let magnitude) where !negative:
            value = .uint(magnitude)
        case .string(let text) where !negative:
            value = .string(text)
        case .bytes(let bytes) where !negative:
            value = .bytes(bytes)
        default:
            throw unexpected("a value or a name")
        }
        advance()
        return try node(.literal(value), at: token.position)
    }

    private mutating func named(_ name: String, absolute: Bool) throws(ExpressionRefusal) -> SyntaxNode {
        let position = current.position
        if !absolute, let literal = Self.literalWord(name) {
            advance()
            return try node(.literal(literal), at: position)
        }
        if ReservedWords.all.contains(name) {
            throw refusal(
                "found \"\(name)\", a word that CEL keeps for itself; expected a value or a name",
                at: position
            )
        }
        advance()
        guard current.kind == .symbol(.openParenthesis) else {
            return try node(.name(name, absolute: absolute), at: position)
        }
        let arguments = try arguments()
        return try call(name, absolute: absolute, receiver: nil, arguments: arguments, at: position)
    }

    private static func literalWord(_ name: String) -> Datum? {
        switch name {
        case "true": .bool(true)
        case "false": .bool(false)
        case "null": .null
        default: nil
        }
    }

    private mutating func arguments() throws(ExpressionRefusal) -> [SyntaxNode] {
        advance()
        return try sequence(until: .closeParenthesis, closing: "\")\"", trailingComma: false)
    }

    /// Expressions between commas, up to and with the closing symbol.
    private mutating func sequence(
        until close: Token.Symbol,
        closing: String,
        trailingComma: Bool = true
    ) throws(ExpressionRefusal) -> [SyntaxNode] {
        var elements: [SyntaxNode] = []
        if take(close) { return elements }
        try enter()
        while true {
            elements.append(try expression())
            if take(close) { break }
            try expect(.comma, orElse: "\",\" or \(closing)")
            if trailingComma, take(close) { break }
        }
        leave()
        return elements
    }

    private mutating func map() throws(ExpressionRefusal) -> SyntaxNode {
        let position = current.position
        advance()
        var entries: [(key: SyntaxNode, value: SyntaxNode)] = []
        var children: [SyntaxNode] = []
        if !take(.closeBrace) {
            try enter()
            while true {
                let key = try expression()
                try expect(.colon, orElse: "\":\" and the value of the key")
                let value = try expression()
                entries.append((key, value))
                children.append(key)
                children.append(value)
                if take(.closeBrace) { break }
                try expect(.comma, orElse: "\",\" or \"}\"")
                if take(.closeBrace) { break }
            }
            leave()
        }
        return try node(.map(entries), at: position, over: children)
    }
}
