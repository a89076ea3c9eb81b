package import OffstageSchema
package import OffstageStorage
package import OffstageStorageServers

/// How MariaDB and MySQL write SQL, in a session that takes double quotes for names and || for joining texts.
package struct MySQLDialect: ServerDialect {
    /// The two have the same order of code points under different names.
    let isMariaDB: Bool

    package init(isMariaDB: Bool) { self.isMariaDB = isMariaDB }

    /// The order of texts by code points, in which blanks at the end count.
    var collation: SQL { isMariaDB ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin" }
    var collationName: String { isMariaDB ? "utf8mb4_nopad_bin" : MySQLFunctions.mySQLCollation }

    private static let nameCharacters = 64

    /// Columns that InnoDB has of its own, in capitals.
    private static let systemColumns: Set<String> = [
        "DB_ROW_ID", "DB_TRX_ID", "DB_ROLL_PTR", "FTS_DOC_ID", "ROW_START", "ROW_END",
    ]

    package func stored(_ name: String) -> String {
        Self.systemColumns.contains(name.uppercased())
            ? name + "~" : StoredName.shortened(name, to: Self.nameCharacters)
    }

    package func quoted(_ name: String) -> String {
        "\"" + stored(name).split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    package func placeholder(_ position: Int) -> String { "?" }

    package func typed(_ value: Value, as type: ColumnType) -> SQL {
        switch type {
        case .text, .email, .json, .list: byCodePoints("\(value)")
        case .boolean, .integer, .decimal: "CAST(\(value) AS SIGNED)"
        case .number: "CAST(\(value) AS DOUBLE)"
        case .date: "CAST(\(value) AS DATE)"
        case .datetime: "CAST(\(value) AS DATETIME(3))"
        case .identifier: identifier("\(value)")
        }
    }

    /// Nothing comes before everything by itself.
    package func ordered(_ term: SQL, of column: String, descending: Bool) -> SQL {
        descending ? "\(term) DESC" : "\(term) ASC"
    }

    package var comparesRowsByIndex: Bool { false }

    package var lockingRead: SQL { " FOR UPDATE" }

    package var journal: JournalDialect { .numberedLater }

    package var definesInTransactions: Bool { false }

    package var functions: [String] { isMariaDB ? Self.functionsOfMariaDB : Self.functionsOfMySQL }

    /// Made once: those of letters go through all of Unicode.
    private static let functionsOfMariaDB = MySQLFunctions.statements(collation: "utf8mb4_nopad_bin")
    private static let functionsOfMySQL = MySQLFunctions.statements(collation: MySQLFunctions.mySQLCollation)

    /// Sets how long a statement may take; 0 for as long as it needs. MySQL knows this for statements that read alone.
    func limit(_ milliseconds: Int) -> String {
        guard isMariaDB else { return "SET SESSION max_execution_time = \(milliseconds)" }
        return
            "SET SESSION max_statement_time = \(milliseconds / 1000).\(String(milliseconds % 1000 + 1000).dropFirst())"
    }

    package var unlimited: String { limit(0) }

    /// The servers' own numbers go on behind the largest one by themselves.
    package var numberingGoesOn: [String] { [] }
}
