package import OffstageSchema
import Synchronization

/// A rendered statement: the text a database prepares, with placeholders, and what is bound to them in order.
package struct Statement: Sendable {
    package let text: String
    package var bindings: [Value]
    /// Tells a statement that is made once and run often from all others; nil for one that is not. A connection finds what it
    /// prepared by the number in less time than by the text.
    package let number: Int?

    package init(text: String, bindings: [Value] = []) {
        self.init(text: text, bindings: bindings, number: nil)
    }

    private init(text: String, bindings: [Value], number: Int?) {
        self.text = text
        self.bindings = bindings
        self.number = number
    }

    /// The same text with other bindings; for statements that are rendered once and run often.
    package func binding(_ bindings: [Value]) -> Statement {
        Statement(text: text, bindings: bindings, number: number)
    }

    /// The same statement with a number of its own. A connection keeps it for good, so it must be one of those that the
    /// program and its catalog make at the start, and none that requests make.
    package func numbered() -> Statement {
        Statement(
            text: text,
            bindings: bindings,
            number: Self.numbers.wrappingAdd(1, ordering: .relaxed).newValue
        )
    }

    private static let numbers = Atomic(0)
}

/// How one kind of database writes SQL.
package protocol Dialect: ExpressionDialect, SummaryDialect, SearchDialect {
    /// A name in the quotes of the dialect.
    func quoted(_ name: String) -> String
    /// The placeholder of the binding at a position, from 1.
    func placeholder(_ position: Int) -> String
    /// A value as the column of a query that has none to take its type from.
    func typed(_ value: Value, as type: ColumnType) -> SQL
    /// A term of ORDER BY: nothing before everything, and after it in a descending order. Indexes are made likewise.
    func ordered(_ term: SQL, of column: String, descending: Bool) -> SQL
    /// Whether a comparison of rows, `(a, b) > (1, 2)`, is found by an index.
    var comparesRowsByIndex: Bool { get }
    /// What stands behind a query that reads a record which the transaction is going to change, so that nobody else changes
    /// it in between.
    var lockingRead: SQL { get }
    /// How the journal numbers its entries.
    var journal: JournalDialect { get }
}

/// Who gives the entries of a journal their positions.
package enum JournalDialect: Sendable {
    /// The one writer, with each entry.
    case numberedAtOnce
    /// The sequencer, some time after an entry was committed; until then its position is NULL.
    case numberedLater
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

    /// A statement of those that are made at the start and run often.
    package func numbered(_ sql: SQL) -> Statement {
        render(sql).numbered()
    }
}
