import CSQLite
import Foundation
import Testing

/// A database file, read with SQLite itself and nothing of the program.
final class StoredDatabase {
    struct Fault: Error {
        let message: String
    }

    private let handle: OpaquePointer

    init(_ path: String) throws {
        var opened: OpaquePointer?
        guard sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil) == SQLITE_OK, let opened
        else {
            throw Fault(message: "\(path) does not open")
        }
        handle = opened
        // The one who looks must not tidy up what the program is to find.
        sqlite3_exec(handle, "PRAGMA wal_autocheckpoint = 0; PRAGMA busy_timeout = 10000", nil, nil, nil)
    }

    deinit { sqlite3_close_v2(handle) }

    /// The rows of a query, each cell as text, nulls as nil.
    func rows(_ query: String) throws -> [[String?]] {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(handle, query, -1, &statement, nil) == SQLITE_OK, let statement else {
            throw Fault(message: String(cString: sqlite3_errmsg(handle)))
        }
        defer { sqlite3_finalize(statement) }
        var rows: [[String?]] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                rows.append(
                    (0..<sqlite3_column_count(statement)).map { column in
                        sqlite3_column_text(statement, column).map { String(cString: $0) }
                    }
                )
            case SQLITE_DONE: return rows
            default: throw Fault(message: String(cString: sqlite3_errmsg(handle)))
            }
        }
    }

    /// The first cell of a query.
    func value(_ query: String) throws -> String? {
        try rows(query).first?.first ?? nil
    }

    /// That the words of a collection's search are those of its texts, by FTS5's own check.
    func checkSearch(of collection: String) throws {
        let name = "\"_search(\(collection))\""
        try execute("INSERT INTO \(name) (\(name), rank) VALUES ('integrity-check', 1)")
    }

    func execute(_ text: String) throws {
        guard sqlite3_exec(handle, text, nil, nil, nil) == SQLITE_OK else {
            throw Fault(message: String(cString: sqlite3_errmsg(handle)))
        }
    }
}
