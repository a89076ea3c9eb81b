import OffstageSchema
import OffstageStorage

/// What a database really holds, by its own catalog.
enum Introspection {
    /// The names of a table's columns; nil when there is no such table.
    static func columns(of table: String, _ connection: any Connection) throws(StorageFailure) -> [String]? {
        let names = try connection.all("SELECT name FROM pragma_table_xinfo(\(.text(table)))") { $0.text(0) }
        return names.isEmpty ? nil : names
    }

    /// The names of the indexes that were made for a table; those that SQLite makes for keys are not among them.
    static func indexes(of table: String, _ connection: any Connection) throws(StorageFailure) -> [String] {
        try connection.all(
            "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = \(.text(table)) AND sql IS NOT NULL"
        ) { $0.text(0) }
    }

    static func triggers(of table: String, _ connection: any Connection) throws(StorageFailure) -> [String] {
        try connection.all(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = \(.text(table))"
        ) { $0.text(0) }
    }

    /// Refuses a database that was changed behind Offstage's back: it lacks a table or a column that was made.
    /// - Throws: `.damaged`, with all that is missing.
    static func check(_ shapes: [TableShape], _ connection: any Connection) throws(StorageFailure) {
        var missing: [String] = []
        for table in shapes {
            guard let columns = try columns(of: table.name, connection) else {
                missing.append("the table \(table.name)")
                continue
            }
            for name in ["id", "created", "updated", "version"] + table.columns.map(\.name)
            where !columns.contains(name) {
                missing.append("the column \(table.name).\(name)")
            }
            for link in table.linked where try self.columns(of: table.links(of: link.column), connection) == nil {
                missing.append("the table \(table.links(of: link.column))")
            }
        }
        guard !missing.isEmpty else { return }
        throw .damaged(
            "the database lacks \(missing.joined(separator: ", ")), which Offstage made: another program changed it. "
                + "Put it back, or restore a backup."
        )
    }
}
