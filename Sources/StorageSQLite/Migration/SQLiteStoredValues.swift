import OffstageSchema
import OffstageStorage

/// Answers a plan's questions about what the database holds.
struct SQLiteStoredValues: StoredValues {
    let connection: any Connection

    func records(in table: TableShape) throws(StorageFailure) -> Int {
        Int(try connection.first("SELECT count(*) FROM \(SQL.Name(table: table))") { $0.integer(0) } ?? 0)
    }

    func filled(_ column: ColumnShape, in table: TableShape) throws(StorageFailure) -> Int {
        let name = SQL.Name(column)
        var count: SQL = "SELECT count(*) FROM \(SQL.Name(table: table)) WHERE \(name) IS NOT NULL"
        switch column.type {
        case .list: count += " AND \(name) <> '[]'"
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
        let rows = connection.dialect.render("SELECT \(SQL.Name(column)) FROM \(SQL.Name(table: table))")
        try connection.rows(rows) { row throws(StorageFailure) in
            try body(try row.value(0, as: column.type))
            return true
        }
    }

    func holds(_ id: Identifier, in table: TableShape) throws(StorageFailure) -> Bool {
        try connection.first("SELECT 1 FROM \(SQL.Name(table: table)) WHERE \"id\" = \(.identifier(id))") { _ in true }
            ?? false
    }

    func repeated(
        _ column: ColumnShape,
        in table: TableShape
    ) throws(StorageFailure) -> (value: Value, records: Int)? {
        let name = SQL.Name(column)
        let groups: SQL = """
            SELECT min(\(name)), count(*) FROM \(SQL.Name(table: table)) WHERE \(name) IS NOT NULL
            GROUP BY \(name) HAVING count(*) > 1 ORDER BY count(*) DESC, min(\(name)) LIMIT 1
            """
        return try connection.first(groups) { row throws(StorageFailure) in
            (try row.value(0, as: column.type), Int(row.integer(1)))
        }
    }
}
