package import OffstageSchema

/// A rendered statement: the text a database prepares, with placeholders, and what is bound to them in order.
package struct Statement: Sendable {
    package let text: String
    package var bindings: [Value]

    package init(text: String, bindings: [Value] = []) {
        self.text = text
        self.bindings = bindings
    }

    /// The same text with other bindings; for statements that are rendered once and run often.
    package func binding(_ bindings: [Value]) -> Statement {
        Statement(text: text, bindings: bindings)
    }
}

/// How one kind of database writes SQL.
package protocol Dialect: ExpressionDialect, SummaryDialect, SearchDialect {
    /// A name in the quotes of the dialect.
    func quoted(_ name: String) -> String
    /// The placeholder of the binding at a position, from 1.
    func placeholder(_ position: Int) -> String
}

extension Dialect {
    package func render(_ sql: SQL) -> Statement {
        var text = ""
        var bindings: [Value] = []
        for piece in sql.pieces {
            switch piece {
            case .literal(let literal): text += literal
            case .name(let name): text += quoted(name)
            case .binding(let value):
                bindings.append(value)
                text += placeholder(bindings.count)
            }
        }
        return Statement(text: text, bindings: bindings)
    }
}
