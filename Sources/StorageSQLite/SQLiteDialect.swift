import OffstageStorage

/// How SQLite writes SQL.
package struct SQLiteDialect: Dialect {
    package init() {}

    package func quoted(_ name: String) -> String {
        // Names come from the catalog and hold no quote; doubling one keeps that from being a promise about safety.
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    package func placeholder(_ position: Int) -> String { "?" }
}
