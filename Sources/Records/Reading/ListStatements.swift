import OffstageRules
import OffstageSchema
import OffstageStorage
import Synchronization

/// The statements of a collection's lists, rendered once for each sort and condition: rendering costs more than reading a
/// few records.
final class ListStatements: Sendable {
    /// What two statements have in common that differ in what is bound alone.
    private struct Shape: Hashable {
        let sort: Sort
        /// Without its values; nil for all records.
        let condition: SQL?
        /// Which of the cursor's values are empty, since an empty one is asked for in another way; nil without a cursor.
        let empty: [Bool]?
    }

    /// Sorts and conditions come from requests, so what is kept is bounded: how many, and how long each may be.
    private let texts = Mutex(RecentlyUsed<Shape, String>(atMost: 200))
    private static let bytesAtMost = 16_384

    /// The statement of a page. A search is another one for each request, so what has one is rendered every time.
    func statement(
        _ query: ListQuery,
        _ reading: Reading,
        where condition: Permission,
        _ dialect: any Dialect,
        limit: Int
    ) -> Statement {
        guard query.search == nil, reading.sometimes.isEmpty, let own = Self.condition(condition) else {
            return dialect.render(Self.sql(query, reading, condition, dialect, limit: limit))
        }
        let shape = Shape(sort: query.sort, condition: own.shape, empty: query.after?.emptyValues)
        guard let text = texts.withLock({ $0.value(shape) }) else {
            let statement = dialect.render(Self.sql(query, reading, condition, dialect, limit: limit))
            if statement.text.utf8.count <= Self.bytesAtMost {
                texts.withLock { $0.keep(statement.text, for: shape) }
            }
            return statement
        }
        let after = query.after?.bindings(query.sort, reading.table.collection, dialect) ?? []
        return Statement(text: text, bindings: own.bindings + after + [.integer(Int64(limit))])
    }

    /// A condition's shape and what is bound in it; nil for one that is too long to be kept.
    private static func condition(_ condition: Permission) -> (shape: SQL?, bindings: [Value])? {
        guard condition != .always else { return (nil, []) }
        let sql = condition.sql
        return sql.pieces.count <= ReadStatements.piecesAtMost ? (sql.withoutValues, sql.bindings) : nil
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
