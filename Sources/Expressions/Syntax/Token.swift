/// A word of the language, with its place.
struct Token {
    enum Kind: Equatable {
        case identifier(String)
        /// A name between backticks: only ever a member's name.
        case quotedIdentifier(String)
        /// Its digits; the sign is the parser's, because `-9223372036854775808` is one literal.
        case integer(UInt64)
        case unsigned(UInt64)
        case double(Double)
        case string(String)
        case bytes([UInt8])
        case symbol(Symbol)
        case end
    }

    enum Symbol: String {
        case openParenthesis = "("
        case closeParenthesis = ")"
        case openBracket = "["
        case closeBracket = "]"
        case openBrace = "{"
        case closeBrace = "}"
        case dot = "."
        case comma = ","
        case colon = ":"
        case question = "?"
        case minus = "-"
        case plus = "+"
        case star = "*"
        case slash = "/"
        case percent = "%"
        case not = "!"
        case and = "&&"
        case or = "||"
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        /// Written as a word, but an operator.
        case membership = "in"
    }

    let kind: Kind
    let position: ExpressionPosition

    /// What a message calls it.
    var inWords: String {
        switch kind {
        case .identifier(let name): "\"\(name)\""
        case .quotedIdentifier(let name): "`\(name)`"
        case .integer(let value): "the number \(value)"
        case .unsigned(let value): "the number \(value)u"
        case .double(let value): "the number \(value)"
        case .string: "a text"
        case .bytes: "bytes"
        case .symbol(let symbol): "\"\(symbol.rawValue)\""
        case .end: "the end"
        }
    }
}

/// Words that CEL keeps for itself (langdef, "Syntax"): no variable may have such a name, a member may.
enum ReservedWords {
    static let all: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    ]
}
