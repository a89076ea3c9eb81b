/// An expression taken apart at the `&&` and `||` that stand outside of everything else, so that a person can be told which
/// part decided.
package struct ExpressionPart: Sendable {
    package indirect enum Kind: Sendable {
        case single
        /// Joined by `&&`.
        case all([ExpressionPart])
        /// Joined by `||`.
        case any([ExpressionPart])
    }

    /// As it is written, without the brackets around it.
    package let text: String
    /// Where the text starts in the whole expression.
    package let position: ExpressionPosition
    package let kind: Kind

    package init(text: String, position: ExpressionPosition, kind: Kind) {
        self.text = text
        self.position = position
        self.kind = kind
    }

    /// A place in the text of the part, as a place in the whole expression.
    package func whole(_ inner: ExpressionPosition) -> ExpressionPosition {
        ExpressionPosition(
            offset: position.offset + inner.offset,
            line: position.line + inner.line - 1,
            column: inner.line == 1 ? position.column + inner.column - 1 : inner.column
        )
    }
}

extension Checked {
    /// The expression's parts.
    package var parts: ExpressionPart {
        guard let tokens = try? Lexer.tokens(of: text), let last = tokens.last, tokens.count > 1 else {
            return ExpressionPart(text: text, position: .start, kind: .single)
        }
        return PartReader(text: Array(text.utf8), all: tokens.dropLast(), end: last.position.offset).whole
    }
}

/// Splits tokens by the two operators; the text has been parsed, so every bracket has its other.
private struct PartReader {
    let text: [UInt8]
    let all: ArraySlice<Token>
    /// Where the last token ends, or the blanks behind it.
    let end: Int

    var whole: ExpressionPart { part(all) }

    private func part(_ tokens: ArraySlice<Token>) -> ExpressionPart {
        let tokens = unbracketed(tokens)
        let kind: ExpressionPart.Kind =
            if let operands = split(tokens, at: .or) {
                .any(operands)
            } else if let operands = split(tokens, at: .and) {
                .all(operands)
            } else {
                .single
            }
        return ExpressionPart(text: source(of: tokens), position: tokens.first?.position ?? .start, kind: kind)
    }

    /// The operands of an operator; nil when it does not stand here, or a choice (`? :`), which binds less, does.
    private func split(_ tokens: ArraySlice<Token>, at symbol: Token.Symbol) -> [ExpressionPart]? {
        var depth = 0
        var operands: [ArraySlice<Token>] = []
        var start = tokens.startIndex
        for index in tokens.indices {
            depth += Self.step(tokens[index])
            guard depth == 0 else { continue }
            if tokens[index].kind == .symbol(.question) { return nil }
            guard tokens[index].kind == .symbol(symbol) else { continue }
            operands.append(tokens[start..<index])
            start = index + 1
        }
        guard !operands.isEmpty else { return nil }
        return (operands + [tokens[start...]]).map { part($0) }
    }

    private func unbracketed(_ tokens: ArraySlice<Token>) -> ArraySlice<Token> {
        var inner = tokens
        while inner.count > 2, inner.first?.kind == .symbol(.openParenthesis) {
            var depth = 0
            let closing = inner.firstIndex { token in
                depth += Self.step(token)
                return depth == 0
            }
            guard closing == inner.endIndex - 1 else { return inner }
            inner = inner.dropFirst().dropLast()
        }
        return inner
    }

    private func source(of tokens: ArraySlice<Token>) -> String {
        guard let first = tokens.first else { return "" }
        // Between the last token and the next there are only blanks and comments; a comment stays where it is.
        let next = following(tokens)
        var bytes = text[first.position.offset..<max(first.position.offset, next)]
        while let byte = bytes.last, byte == 0x20 || (0x09...0x0d).contains(byte) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func following(_ tokens: ArraySlice<Token>) -> Int {
        tokens.endIndex < all.endIndex ? all[tokens.endIndex].position.offset : end
    }

    private static func step(_ token: Token) -> Int {
        switch token.kind {
        case .symbol(.openParenthesis), .symbol(.openBracket), .symbol(.openBrace): 1
        case .symbol(.closeParenthesis), .symbol(.closeBracket), .symbol(.closeBrace): -1
        default: 0
        }
    }
}
