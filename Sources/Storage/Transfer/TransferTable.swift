package import OffstageSchema

/// A table as it is taken from one database to another: columns that every engine has, in the order of a key.
package struct TransferTable: Sendable {
    package let name: String
    /// The columns of the key first.
    package let columns: [Column]
    package let keyColumns: Int
    /// A collection of the app, whose records are counted for people.
    package let isCollection: Bool

    package struct Column: Sendable {
        package let name: String
        package let type: ColumnType
    }

    private init(_ name: String, key: Int, isCollection: Bool = false, _ columns: [(String, ColumnType)]) {
        self.name = name
        self.columns = columns.map { Column(name: $0.0, type: $0.1) }
        keyColumns = key
        self.isCollection = isCollection
    }

    package init(_ table: TableShape) {
        let own: [(String, ColumnType)] = [
            ("id", .identifier), ("created", .datetime), ("updated", .datetime), ("version", .integer),
        ]
        self.init(table.name, key: 1, isCollection: true, own + table.columns.map { ($0.name, $0.type) })
    }

    package init(_ table: KeptTable) {
        let keys = table.key.compactMap(table.column)
        let others = table.columns.filter { !table.key.contains($0.name) }
        self.init(table.name, key: keys.count, (keys + others).map { ($0.name, $0.kind.type) })
    }

    /// Everything that a database of a format keeps: the collections, then what is beside them. A later format has the tables
    /// of an earlier one in the same places, since a move goes on by them.
    package static func all(of shapes: [TableShape], format: Int) -> [TransferTable] {
        shapes.map(TransferTable.init) + own
            + (format >= DatabaseFormat.withKeptTables ? KeptTable.all.map(TransferTable.init) : [])
    }

    private static let own = [
        TransferTable(
            "_journal",
            key: 1,
            [
                ("position", .integer), ("transaction", .identifier), ("at", .datetime), ("actor", .text),
                ("collection", .text), ("record", .identifier), ("version", .integer), ("kind", .text),
                ("before", .text),
                ("after", .text),
            ]
        ),
        TransferTable(
            "_answers",
            key: 2,
            [
                ("scope", .text), ("key", .text), ("fingerprint", .integer), ("at", .datetime), ("status", .integer),
                ("headers", .text), ("body", .text),
            ]
        ),
        TransferTable(
            "_aside",
            key: 1,
            [("id", .integer), ("form", .text), ("at", .datetime), ("address", .text), ("values", .json)]
        ),
    ]

    // MARK: Statements

    private var names: [SQL] { columns.map { SQL("\(SQL.Name(stored: $0.name))") } }

    package func count(_ connection: any Connection) throws(StorageFailure) -> Int {
        Int(try connection.first("SELECT count(*) FROM \(SQL.Name(stored: name))") { $0.integer(0) } ?? 0)
    }

    /// The rows after a key, in its order.
    package func rows(
        after key: [Value]?,
        atMost count: Int,
        _ connection: any Connection
    ) throws(StorageFailure) -> [[Value]] {
        let keys = names.prefix(keyColumns)
        var select: SQL = "SELECT \(names, separator: ", ") FROM \(SQL.Name(stored: name))"
        if let key { select += " WHERE \(Self.beyond(Array(zip(keys, key))))" }
        select += " ORDER BY \(Array(keys), separator: ", ") LIMIT \(.integer(Int64(count)))"
        return try connection.all(select) { row throws(StorageFailure) in
            var values: [Value] = []
            for (place, column) in columns.enumerated() { values.append(try row.value(place, as: column.type)) }
            return values
        }
    }

    /// For keys a, b: `a > x OR (a = x AND b > y)`.
    private static func beyond(_ keys: [(column: SQL, value: Value)]) -> SQL {
        var alternatives: [SQL] = []
        var equal: [SQL] = []
        for (column, value) in keys {
            alternatives.append("(\(equal + ["\(column) > \(value)"], separator: " AND "))")
            equal.append("\(column) = \(value)")
        }
        return "(\(alternatives, separator: " OR "))"
    }

    /// Inserts a row as it came.
    package func insert(_ dialect: any Dialect) -> Statement {
        let places = [SQL](repeating: "\(Value.null)", count: columns.count)
        return dialect.render(
            "INSERT INTO \(SQL.Name(stored: name)) (\(names, separator: ", ")) VALUES (\(places, separator: ", "))"
        )
    }

    /// The key of a row.
    package func key(of row: [Value]) -> [Value] { Array(row.prefix(keyColumns)) }
}
