import OffstageSchema
import OffstageStorage

/// Answers a plan's questions about what the database holds.
struct ServerStoredValues: StoredValues {
    let connection: any Connection

    func records(in table: TableShape) throws(StorageFailure) -> Int {
        Int(try connection.first("SELECT count(*) FROM \(SQL.Name(table: table))") { $0.integer(0) } ?? 0)
    }

    func filled(_ column: ColumnShape, in table: TableShape) throws(StorageFailure) -> Int {
        let name = SQL.Name(column)
        var count: SQL = "SELECT count(*) FROM \(SQL.Name(table: table)) WHERE \(name) IS NOT NULL"
        switch column.type {
        case .list: count += " AND \(name) <> \(.list([]))"
        case .text, .email: count += " AND \(name) <> ''"
        default: break
        }
        return Int(try connection.first(count) { $0.integer(0) } ?? 0)
    }

    func each(
        _ column: ColumnShape,
        in table: TableShape,
        _ body: (Value) throws(StorageFailure) -> Void
    ) throws(StorageFailure) {
        try connection.eachBatch(
            of: table.name,
            "\(SQL.Name(column))",
            1_000,
            read: { row throws(StorageFailure) in
                try row.value(1, as: column.type)
            }
        ) { _, value throws(StorageFailure) in try body(value) }
    }

    func holds(_ id: Identifier, in table: TableShape) throws(StorageFailure) -> Bool {
        try holds(id, in: table.name)
    }

    func holds(_ id: Identifier, in table: String) throws(StorageFailure) -> Bool {
        try connection.first(
            "SELECT 1 FROM \(SQL.Name(stored: table)) WHERE \(SQL.Name("id")) = \(.identifier(id))"
        ) { _ in true } ?? false
    }

    func repeated(
        _ column: ColumnShape,
        in table: TableShape
    ) throws(StorageFailure) -> (value: Value, records: Int)? {
        let name = SQL.Name(column)
        let key = column.type == .email ? connection.dialect.caselessKey("\(name)") : "\(name)"
        let most = SQL.Name("_most")
        let groups: SQL = """
            SELECT \(name), \(most).\(SQL.Name("_count")) FROM \(SQL.Name(table: table)) JOIN
            (SELECT \(key) AS \(SQL.Name("_key")), count(*) AS \(SQL.Name("_count")) FROM \(SQL.Name(table: table))
            WHERE \(name) IS NOT NULL GROUP BY \(key) HAVING count(*) > 1 ORDER BY count(*) DESC, \(key) LIMIT 1)
            AS \(most) ON \(key) = \(most).\(SQL.Name("_key")) ORDER BY \(name) LIMIT 1
            """
        return try connection.first(groups) { row throws(StorageFailure) in
            (try row.value(0, as: column.type), Int(row.integer(1)))
        }
    }
}
