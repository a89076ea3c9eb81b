import OffstageSchema
import OffstageStorage
import Synchronization

/// The statements of a collection's lists, rendered once for each sort: rendering costs more than reading a few records.
final class ListStatements: Sendable {
    private struct Shape: Hashable {
        let sort: Sort
        /// Which of the cursor's values are empty, since an empty one is asked for in another way; nil without a cursor.
        let empty: [Bool]?
    }

    private let texts = Mutex<[Shape: String]>([:])

    /// Sorts come from requests, so what is kept is bounded.
    private static let atMost = 200

    /// The statement of a page.
    func statement(_ query: ListQuery, _ table: Table, _ dialect: any Dialect, limit: Int) -> Statement {
        let shape = Shape(sort: query.sort, empty: query.after?.emptyValues)
        let bindings = (query.after?.bindings(query.sort, table.collection) ?? []) + [.integer(Int64(limit))]
        if let text = texts.withLock({ $0[shape] }) { return Statement(text: text, bindings: bindings) }
        let statement = dialect.render(Self.sql(query, table, limit: limit))
        texts.withLock { texts in
            if texts.count >= Self.atMost { texts = [:] }
            texts[shape] = statement.text
        }
        return statement
    }

    private static func sql(_ query: ListQuery, _ table: Table, limit: Int) -> SQL {
        var sql: SQL = "SELECT \(table.columns) FROM \(SQL.Name(table.collection))"
        if let after = query.after { sql += " WHERE \(after.condition(query.sort, table.collection))" }
        return sql + " ORDER BY \(query.sort.order(table.collection)) LIMIT \(.integer(Int64(limit)))"
    }
}
