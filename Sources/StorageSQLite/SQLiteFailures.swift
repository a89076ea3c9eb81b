import CSQLite
import OffstageStorage

/// SQLite's result codes as the failures that every engine shares. The codes stay in this file.
enum SQLiteFailures {
    /// What the last call on a handle met.
    static func failure(_ code: Int32, _ database: OpaquePointer?) -> StorageFailure {
        let extended = database.map { sqlite3_extended_errcode($0) } ?? code
        let message = database.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? name(of: code)
        return failure(code: extended & 0xff == code & 0xff ? extended : code, message: message)
    }

    private static func failure(code: Int32, message: String) -> StorageFailure {
        switch code {
        case SQLITE_CONSTRAINT | (8 << 8), SQLITE_CONSTRAINT | (6 << 8):  // UNIQUE, PRIMARY KEY
            return .unique(columns: columns(named: message))
        case SQLITE_CONSTRAINT | (3 << 8), SQLITE_CONSTRAINT | (7 << 8):  // FOREIGN KEY, RESTRICT by a trigger
            return .reference
        case SQLITE_CONSTRAINT | (5 << 8):  // NOT NULL
            return .required(column: columns(named: message).first ?? "")
        default: break
        }
        switch code & 0xff {
        case SQLITE_FULL: return .full
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: return .damaged(message)
        case SQLITE_BUSY, SQLITE_LOCKED: return .unavailable("another program holds the database: \(message)")
        case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM: return .unavailable(message)
        case SQLITE_INTERRUPT: return .tooSlow
        default: return .other("SQLite \(code): \(message)")
        }
    }

    /// Whether a failed commit or write says that the disk can't be trusted any more, so that writing must stop.
    static func stopsWrites(_ database: OpaquePointer?) -> Bool {
        guard let database else { return false }
        switch sqlite3_extended_errcode(database) & 0xff {
        case SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB: return true
        default: return false
        }
    }

    /// The columns of "UNIQUE constraint failed: products.sku, products.name", without their table; an index over an
    /// expression is named instead: "UNIQUE constraint failed: index 'users__email'".
    private static func columns(named message: String) -> [String] {
        guard let colon = message.firstRange(of: ": ") else { return [] }
        let list = message[colon.upperBound...]
        if let quote = list.firstIndex(of: "'"), list.hasPrefix("index ") {
            let name = list[list.index(after: quote)...].prefix { $0 != "'" }
            return [String(name.firstRange(of: "__").map { name[$0.upperBound...] } ?? name)]
        }
        return list.split(separator: ",").map { column in
            let trimmed = column.drop { $0 == " " }
            return String(trimmed.firstIndex(of: ".").map { trimmed[trimmed.index(after: $0)...] } ?? trimmed)
        }
    }

    private static func name(of code: Int32) -> String {
        sqlite3_errstr(code).map { String(cString: $0) } ?? "code \(code)"
    }
}
