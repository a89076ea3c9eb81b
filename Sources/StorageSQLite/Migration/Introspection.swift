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

    /// What a table's search lacks. Whether FTS5 has its own tables is asked first: without them it can't say its columns.
    private static func lacking(
        _ search: [String],
        of table: TableShape,
        _ connection: any Connection
    ) throws(StorageFailure) -> [String] {
        let name = SearchTable.name(of: table.name).text
        var missing: [String] = []
        for part in [name] + SearchTable.shadows(of: table.name) {
            let found = try connection.first(
                "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = \(.text(part))"
            ) { $0.integer(0) }
            if found == nil { missing.append("the table \(part)") }
        }
        guard missing.isEmpty else { return missing }
        let columns = try columns(of: name, connection) ?? []
        return search.filter { !columns.contains(SearchTable.column($0).text) }.map {
            "the search of \(table.name).\($0)"
        }
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
            if let search = table.search { missing += try lacking(search, of: table, connection) }
        }
        guard !missing.isEmpty else { return }
        throw .damaged(
            "the database lacks \(missing.joined(separator: ", ")), which Offstage made: another program changed it. "
                + "Put it back, or restore a backup."
        )
    }
}
