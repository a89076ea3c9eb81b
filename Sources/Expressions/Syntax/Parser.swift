/// Tokens to a syntax tree: recursive descent with precedence climbing (CEL langdef, "Syntax").
///
/// Everything that could recurse without end is counted first, so that no text makes the stack overflow.
struct Parser {
    let tokens: [Token]
    let limits: Limits
    let expandsMacros: Bool
    let nestingAtMost: Int
    private var next = 0
    private var nesting = 0
    private var nodes = 0

    /// - Throws: the first fault; a text that does not parse has no second one worth telling.
    static func parse(
        _ text: String,
        limits: Limits,
        expandsMacros: Bool = true
    ) throws(ExpressionRefusal) -> SyntaxNode {
        guard text.utf8.count <= limits.charactersAtMost * 4, text.unicodeScalars.count <= limits.charactersAtMost
        else {
            throw ExpressionRefusal([
                ExpressionFault(.start, "the expression is longer than \(limits.charactersAtMost) characters")
            ])
        }
        var parser = Parser(
            tokens: try Lexer.tokens(of: text),
            limits: limits,
            expandsMacros: expandsMacros
        )
        let tree = try parser.expression()
        guard parser.current.kind == .end else { throw parser.unexpected("an operator or the end") }
        return tree
    }

    private init(tokens: [Token], limits: Limits, expandsMacros: Bool) {
        self.tokens = tokens
        self.limits = limits
        nestingAtMost = min(limits.nestingAtMost, Limits.nestingNeverAbove)
        self.expandsMacros = expandsMacros
    }

    // MARK: Tokens

    /// The token to read next; behind the last one, the last one, which is the end.
    var current: Token {
        if next < tokens.count { return tokens[next] }
        return tokens.last ?? Token(kind: .end, position: .start)
    }

    var following: Token? {
        next + 1 < tokens.count ? tokens[next + 1] : nil
    }

    mutating func advance() { next += 1 }

    mutating func take(_ symbol: Token.Symbol) -> Bool {
        guard current.kind == .symbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func expect(_ symbol: Token.Symbol, orElse expected: String) throws(ExpressionRefusal) {
        guard take(symbol) else { throw unexpected(expected) }
    }

    func unexpected(_ expected: String) -> ExpressionRefusal {
        refusal("found \(current.inWords); expected \(expected)", at: current.position)
    }

    func refusal(_ message: String, at position: ExpressionPosition) -> ExpressionRefusal {
        ExpressionRefusal([ExpressionFault(position, message)])
    }

    // MARK: Bounds

    mutating func node(
        _ syntax: Syntax,
        at position: ExpressionPosition,
        over children: [SyntaxNode] = []
    ) throws(ExpressionRefusal) -> SyntaxNode {
        nodes += 1
        guard nodes <= limits.nodesAtMost else {
            throw refusal("the expression has more than \(limits.nodesAtMost) parts", at: position)
        }
        let height = 1 + (children.lazy.map(\.height).max() ?? 0)
        guard height <= Limits.heightAtMost else {
            throw refusal("more than \(Limits.heightAtMost) operations follow from each other here", at: position)
        }
        return SyntaxNode(syntax: syntax, position: position, height: height)
    }

    mutating func enter(_ levels: Int = 1) throws(ExpressionRefusal) {
        nesting += levels
        guard nesting <= nestingAtMost else {
            throw refusal("nested deeper than \(nestingAtMost) levels", at: current.position)
        }
    }

    mutating func leave(_ levels: Int = 1) { nesting -= levels }

    // MARK: Grammar

    /// `Or ["?" Or ":" Expression]`, the chain of conditions read without recursion.
    mutating func expression() throws(ExpressionRefusal) -> SyntaxNode {
        var branches: [(condition: SyntaxNode, yes: SyntaxNode, position: ExpressionPosition)] = []
        var last = try operators(from: 1)
        while current.kind == .symbol(.question) {
            let position = current.position
            advance()
            try enter()
            let yes = try operators(from: 1)
            leave()
            try expect(.colon, orElse: "\":\" and the other value of the condition")
            branches.append((last, yes, position))
            last = try operators(from: 1)
        }
        for branch in branches.reversed() {
            last = try node(
                .ternary(condition: branch.condition, yes: branch.yes, no: last),
                at: branch.position,
                over: [branch.condition, branch.yes, last]
            )
        }
        return last
    }

    private mutating func operators(from minimum: Int) throws(ExpressionRefusal) -> SyntaxNode {
        var left = try unary()
        while case .symbol(let symbol) = current.kind, let precedence = Self.precedence(symbol), precedence >= minimum {
            let position = current.position
            if symbol == .and || symbol == .or {
                left = try chain(of: symbol, from: left, precedence: precedence)
                continue
            }
            advance()
            let right = try operators(from: precedence + 1)
            left = try node(Self.binary(symbol, left, right), at: position, over: [left, right])
        }
        return left
    }

    private mutating func chain(
        of symbol: Token.Symbol,
        from first: SyntaxNode,
        precedence: Int
    ) throws(ExpressionRefusal) -> SyntaxNode {
        let position = current.position
        var operands = [first]
        while take(symbol) { operands.append(try operators(from: precedence + 1)) }
        return try node(symbol == .and ? .and(operands) : .or(operands), at: position, over: operands)
    }

    private static func precedence(_ symbol: Token.Symbol) -> Int? {
        switch symbol {
        case .or: 1
        case .and: 2
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .membership: 3
        case .plus, .minus: 4
        case .star, .slash, .percent: 5
        default: nil
        }
    }

    private static func binary(_ symbol: Token.Symbol, _ left: SyntaxNode, _ right: SyntaxNode) -> Syntax {
        switch symbol {
        case .equal: .compare(.equal, left, right)
        case .notEqual: .compare(.notEqual, left, right)
        case .less: .compare(.less, left, right)
        case .lessOrEqual: .compare(.lessOrEqual, left, right)
        case .greater: .compare(.greater, left, right)
        case .greaterOrEqual: .compare(.greaterOrEqual, left, right)
        case .plus: .arithmetic(.add, left, right)
        case .minus: .arithmetic(.subtract, left, right)
        case .star: .arithmetic(.multiply, left, right)
        case .slash: .arithmetic(.divide, left, right)
        case .percent: .arithmetic(.remainder, left, right)
        default: .membership(left, right)
        }
    }

    /// Signs and `!` before a member, read without recursion. A `-` before a number belongs to the number, so that the
    /// least integer can be written.
    private mutating func unary() throws(ExpressionRefusal) -> SyntaxNode {
        var signs: [(symbol: Token.Symbol, position: ExpressionPosition)] = []
        while case .symbol(let symbol) = current.kind, symbol == .not || symbol == .minus {
            if symbol == .minus, let following, Self.isNumber(following.kind) { break }
            signs.append((symbol, current.position))
            advance()
            guard signs.count <= nestingAtMost else {
                throw refusal("nested deeper than \(nestingAtMost) levels", at: current.position)
            }
        }
        try enter(signs.count)
        var operand = try member()
        leave(signs.count)
        for sign in signs.reversed() {
            operand = try node(
                sign.symbol == .not ? .not(operand) : .negate(operand),
                at: sign.position,
                over: [operand]
            )
        }
        return operand
    }

    private static func isNumber(_ kind: Token.Kind) -> Bool {
        switch kind {
        case .integer, .double: true
        default: false
        }
    }
}
