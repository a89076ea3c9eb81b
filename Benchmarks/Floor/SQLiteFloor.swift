import CSQLite

/// SQLite alone, through its C interface, with statements prepared once: what a request can't be faster than.
final class SQLiteFloor {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let database: OpaquePointer
    private var inserts: [OpaquePointer] = []
    private var ids: [String] = []
    private var inserted = 0
    /// Of the ids of new records: another in each run.
    private let prefix = "ffffffff-ffff-7fff-" + String(UInt16.random(in: 0x8000...0xbfff), radix: 16) + "-"

    private static let columns = #""id", "created", "updated", "version", "customer", "status", "total""#
    private static let idsAtMost = 200_000

    init(path: String) throws {
        var handle: OpaquePointer?
        guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil) == SQLITE_OK, let handle
        else { throw Failure(description: "\(path) can't be opened") }
        database = handle
        try execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000")
        inserts = [
            try prepare(
                "INSERT INTO orders (\(Self.columns)) VALUES (?1, unixepoch() * 1000, unixepoch() * 1000, 1, 'Ada', 'paid', 100)"
            ),
            try prepare(
                """
                INSERT INTO _journal ("transaction", "at", "actor", "collection", "record", "version", "kind", "after")
                VALUES (?1, 1, 'visitor', 'orders', ?2, 1, 'created', '{"id":"' || ?2 || '","customer":"Ada","status":"paid"}')
                """
            ),
        ]
        let list = try prepare("SELECT id FROM orders LIMIT \(Self.idsAtMost)")
        while sqlite3_step(list) == SQLITE_ROW {
            ids.append(sqlite3_column_text(list, 0).map { String(cString: $0) } ?? "")
        }
        sqlite3_finalize(list)
        guard !ids.isEmpty else { throw Failure(description: "\(path) holds no orders") }
    }

    deinit {
        for statement in inserts { sqlite3_finalize(statement) }
        sqlite3_close_v2(database)
    }

    /// - Returns: a JSON object: reads by id, lists of 20, synced inserts, and inserts synced 32 at a time, a second each.
    func measure(for time: Duration) throws -> String {
        let get = try prepare("SELECT \(Self.columns) FROM orders WHERE id = ?")
        let list = try prepare(
            "SELECT \(Self.columns) FROM orders WHERE status = 'paid' ORDER BY created DESC, id DESC LIMIT 21"
        )
        defer {
            sqlite3_finalize(get)
            sqlite3_finalize(list)
        }
        var chance = SystemRandomNumberGenerator()
        let gets = try rate(time) { [self] in
            let id = ids[Int.random(in: ids.indices, using: &chance)]
            _ = offstage_bind_text(get, 1, id, Int32(id.utf8.count))
            try readAll(get)
            return 1
        }
        let lists = try rate(time) { [self] in
            try readAll(list)
            return 1
        }
        let single = try rate(time) { [self] in try insert(1) }
        let grouped = try rate(time) { [self] in try insert(32) }
        return #"{"get": \#(gets), "list": \#(lists), "insert": \#(single), "insert_group": \#(grouped)}"#
    }

    private func rate(_ time: Duration, _ body: () throws -> Int) throws -> Int {
        let begin = ContinuousClock.now
        var done = 0
        while ContinuousClock.now - begin < time { done += try body() }
        let elapsed = (ContinuousClock.now - begin) / .seconds(1)
        return Int(Double(done) / elapsed)
    }

    /// Steps through a statement and reads each column, as somebody would who shows it.
    private func readAll(_ statement: OpaquePointer) throws {
        var code = sqlite3_step(statement)
        while code == SQLITE_ROW {
            for column in 0..<sqlite3_column_count(statement) { _ = sqlite3_column_bytes(statement, column) }
            code = sqlite3_step(statement)
        }
        sqlite3_reset(statement)
        guard code == SQLITE_DONE else { throw failure() }
    }

    /// Orders with their entries in the journal, in one transaction.
    private func insert(_ count: Int) throws -> Int {
        try execute("BEGIN IMMEDIATE")
        for _ in 0..<count {
            inserted += 1
            let number = String(inserted)
            let id = prefix + String(repeating: "0", count: 12 - number.utf8.count) + number
            for statement in inserts {
                for index in 1...sqlite3_bind_parameter_count(statement) {
                    _ = offstage_bind_text(statement, index, id, Int32(id.utf8.count))
                }
                try readAll(statement)
            }
        }
        try execute("COMMIT")
        return count
    }

    private func prepare(_ text: String) throws -> OpaquePointer {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v3(database, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil) == SQLITE_OK,
            let statement
        else { throw failure() }
        return statement
    }

    private func execute(_ text: String) throws {
        guard sqlite3_exec(database, text, nil, nil, nil) == SQLITE_OK else { throw failure() }
    }

    private func failure() -> Failure {
        Failure(description: sqlite3_errmsg(database).map { String(cString: $0) } ?? "SQLite failed")
    }
}
