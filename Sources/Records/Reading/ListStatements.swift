import OffstageRules
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

    /// Sorts come from requests, so what is kept is bounded.
    private let texts = Mutex(RecentlyUsed<Shape, String>(atMost: 200))

    /// The statement of a page. A condition is another one for each caller, and a search for each request, so what has
    /// one is rendered every time.
    func statement(
        _ query: ListQuery,
        _ reading: Reading,
        where condition: Permission,
        _ dialect: any Dialect,
        limit: Int
    ) -> Statement {
        guard condition == .always, query.search == nil, reading.sometimes.isEmpty else {
            return dialect.render(Self.sql(query, reading, condition, dialect, limit: limit))
        }
        let shape = Shape(sort: query.sort, empty: query.after?.emptyValues)
        let collection = reading.table.collection
        let bindings = (query.after?.bindings(query.sort, collection, dialect) ?? []) + [.integer(Int64(limit))]
        if let text = texts.withLock({ $0.value(shape) }) { return Statement(text: text, bindings: bindings) }
        let statement = dialect.render(Self.sql(query, reading, condition, dialect, limit: limit))
        texts.withLock { $0.keep(statement.text, for: shape) }
        return statement
    }

    private static func sql(
        _ query: ListQuery,
        _ reading: Reading,
        _ condition: Permission,
        _ dialect: any Dialect,
        limit: Int
    ) -> SQL {
        let collection = reading.table.collection
        let columns: SQL = query.sort.isByRank ? "\(reading.columns), \(SQL.Name.rank)" : reading.columns
        var sql: SQL = "SELECT \(columns) FROM \(query.source(collection, dialect))"
        let after = query.after.map { Permission.when($0.condition(query.sort, collection, dialect)) } ?? .always
        if case .when(let both) = condition.and(after) { sql += " WHERE \(both)" }
        return sql + " ORDER BY \(query.sort.order(collection, dialect)) LIMIT \(.integer(Int64(limit)))"
    }
}
