package import OffstageSchema
package import OffstageStorage
import OffstageStorageServers

/// How PostgreSQL writes SQL.
package struct PostgresDialect: ServerDialect {
    package init() {}

    /// Bytes that PostgreSQL keeps of a name; longer ones it cuts without a word.
    private static let nameBytes = 63

    /// Columns that every table of PostgreSQL has, so that no other may be called so.
    private static let systemColumns: Set<String> = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"]

    package func stored(_ name: String) -> String {
        Self.systemColumns.contains(name) ? name + "~" : StoredName.shortened(name, to: Self.nameBytes)
    }

    package func quoted(_ name: String) -> String {
        "\"" + stored(name).split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    package func placeholder(_ position: Int) -> String { "$\(position)" }

    package func typed(_ value: Value, as type: ColumnType) -> SQL {
        // A text brings the order of the database's locale with it unless it is told another.
        switch type {
        case .text, .email: "(\(value)::text COLLATE \"C\")"
        case .boolean: "\(value)::boolean"
        case .integer, .decimal: "\(value)::bigint"
        case .number: "\(value)::double precision"
        case .date: "\(value)::date"
        case .datetime: "\(value)::timestamptz"
        case .identifier: "\(value)::uuid"
        case .json: "\(value)::json"
        case .list: "\(value)::jsonb"
        }
    }

    /// Ids are never empty and have the primary key's order; all others say where nothing goes, as their indexes do.
    package func ordered(_ term: SQL, of column: String, descending: Bool) -> SQL {
        if column == "id" { return descending ? "\(term) DESC" : "\(term) ASC" }
        return descending ? "\(term) DESC NULLS LAST" : "\(term) ASC NULLS FIRST"
    }

    package var comparesRowsByIndex: Bool { true }

    package var lockingRead: SQL { " FOR UPDATE" }

    package var journal: JournalDialect { .numberedLater }

    package var unlimited: String { "SET LOCAL statement_timeout = 0" }

    package var numberingGoesOn: [String] {
        ["_journal", "_aside"].map { table in
            """
            SELECT setval(pg_get_serial_sequence('"\(table)"', 'id'), coalesce(max("id"), 0) + 1, false) FROM "\(table)"
            """
        }
    }

    package var definesInTransactions: Bool { true }

    package var functions: [String] { PostgresFunctions.statements }
}
