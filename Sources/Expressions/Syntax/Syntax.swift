/// The tree of an expression's text: what was written, before names and types are known.
indirect enum Syntax {
    case literal(Datum)
    /// A name; `absolute` when it is written with a leading dot, so that no local variable hides what is meant.
    case name(String, absolute: Bool)
    case member(SyntaxNode, String)
    case call(name: String, absolute: Bool, receiver: SyntaxNode?, arguments: [SyntaxNode])
    case index(SyntaxNode, SyntaxNode)
    case list([SyntaxNode])
    case map([(key: SyntaxNode, value: SyntaxNode)])
    case not(SyntaxNode)
    case negate(SyntaxNode)
    /// All operands of a chain at once, so that a long chain is not a high tree.
    case and([SyntaxNode])
    case or([SyntaxNode])
    case ternary(condition: SyntaxNode, yes: SyntaxNode, no: SyntaxNode)
    case arithmetic(Term.Arithmetic, SyntaxNode, SyntaxNode)
    case compare(Term.Comparison, SyntaxNode, SyntaxNode)
    case membership(SyntaxNode, SyntaxNode)
    case has(SyntaxNode)
    case comprehension(SyntaxComprehension)
    case bind(name: String, value: SyntaxNode, body: SyntaxNode)
}

struct SyntaxNode {
    let syntax: Syntax
    let position: ExpressionPosition
    /// Nodes on the longest way down, itself included.
    let height: Int
}

struct SyntaxComprehension {
    let kind: Comprehension.Kind
    let range: SyntaxNode
    let variables: [String]
    /// The predicate of `all`, `exists`, `exists_one`, `filter`; the optional filter of the others.
    let condition: SyntaxNode?
    let body: SyntaxNode?
}
