import OffstageRules
import OffstageSchema
import OffstageStorage

/// The statements of a collection's lists, kept for each sort and condition.
final class ListStatements: Sendable {
    /// What two statements have in common that differ in what is bound alone.
    private struct Shape: Hashable {
        let sort: Sort
        /// Without its values.
        let condition: SQL
        /// Which of the cursor's values are empty, since an empty one is asked for in another way; nil without a cursor.
        let empty: [Bool]?
    }

    private let rendered = RenderedStatements<Shape>()

    /// The statement of a page. A search is another one for each request, so what has one is rendered every time.
    func statement(
        _ query: ListQuery,
        _ reading: Reading,
        where condition: Permission,
        _ dialect: any Dialect,
        limit: Int
    ) -> Statement {
        let render = { dialect.render(Self.sql(query, reading, condition, dialect, limit: limit)) }
        guard query.search == nil, reading.sometimes.isEmpty else { return render() }
        let own = condition.sql
        let shape = Shape(sort: query.sort, condition: own.withoutValues, empty: query.after?.emptyValues)
        return rendered.statement(
            shape,
            binding: {
                let after = query.after?.bindings(query.sort, reading.table.collection, dialect) ?? []
                return own.bindings + after + [.integer(Int64(limit))]
            },
            render: render
        )
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
