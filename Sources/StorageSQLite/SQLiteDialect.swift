package import OffstageSchema
package import OffstageStorage

/// How SQLite writes SQL.
package struct SQLiteDialect: Dialect {
    package init() {}

    package func quoted(_ name: String) -> String {
        // Names come from the catalog and hold no quote; doubling one keeps that from being a promise about safety.
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    package func placeholder(_ position: Int) -> String { "?" }

    package func typed(_ value: Value, as type: ColumnType) -> SQL { "\(value)" }

    package func ordered(_ term: SQL, of column: String, descending: Bool) -> SQL {
        descending ? "\(term) DESC" : "\(term) ASC"
    }

    package var comparesRowsByIndex: Bool { true }

    /// One transaction writes at a time.
    package var lockingRead: SQL { "" }

    package var journal: JournalDialect { .numberedAtOnce }
}
