import CMariaDB
package import OffstageSchema
package import OffstageStorage
package import OffstageStorageServers

/// One connection to MariaDB or MySQL, with the statements it has prepared.
///
/// Used by one thread at a time: the pool hands it to one body and takes it back. That is why it may be sent between threads
/// although nothing in it is locked.
package final class MySQLConnection: ServerConnection, @unchecked Sendable {
    package var dialect: any Dialect { words }
    let words: MySQLDialect
    private let handle: UnsafeMutablePointer<MYSQL>
    private let failures: MySQLFailures
    package let session: Int64
    package private(set) var proof: CommitProof?
    package private(set) var wantsSerial = false

    private var prepared = RecentlyUsed<String, MySQLStatement>(atMost: 256)
    private static let keptBytes = 16_384

    private enum State {
        case idle
        case running
        /// Nobody changes what this transaction has read.
        case serial
    }

    private var state = State.idle
    private var savepoints = 0
    private var isLost = false
    private var isClosed = false
    /// What a statement may take, as the session has it; nil where it is not known.
    private var limit: Int?

    /// Milliseconds for a statement that reads a few rows, and for one of a transaction that writes.
    private static let (usualLimit, writeLimit) = (10_000, 60_000)

    init(handle: UnsafeMutablePointer<MYSQL>, failures: MySQLFailures) {
        self.handle = handle
        self.failures = failures
        words = MySQLDialect(isMariaDB: offstage_mysql_is_mariadb(handle))
        session = Int64(offstage_mysql_thread_id(handle))
    }

    deinit { close() }

    package func close() {
        guard !isClosed else { return }
        isClosed = true
        // Statements are closed after it, when the server need not be told any more.
        offstage_mysql_close(handle)
        for statement in prepared.values { statement.close() }
    }

    package var isUsable: Bool { !isClosed && !isLost }

    // MARK: Transactions

    package func begin(_ transaction: ServerTransaction) throws(StorageFailure) {
        proof = nil
        savepoints = 0
        wantsSerial = false
        switch transaction {
        case .write:
            try execute(limiting(to: Self.writeLimit) + "START TRANSACTION")
            state = .running
        case .serialWrite:
            try execute(
                limiting(to: Self.writeLimit) + "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; START TRANSACTION"
            )
            state = .serial
        case .snapshot(let milliseconds):
            try execute(
                limiting(to: milliseconds ?? 0)
                    + "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"
            )
            state = .running
        }
    }

    package func commit() throws(StorageFailure) {
        do throws(StorageFailure) {
            try execute("COMMIT")
        } catch {
            guard isUsable else { throw .uncertain("\(error)") }
            throw error
        }
        state = .idle
    }

    package func rollback() {
        state = .idle
        if (try? execute("ROLLBACK")) == nil { close() }
    }

    /// The statement that sets the limit, where it is another one.
    private func limiting(to milliseconds: Int) -> String {
        guard limit != milliseconds else { return "" }
        limit = milliseconds
        return words.limit(milliseconds) + "; "
    }

    package var writesAlone: Bool { false }

    /// A statement that fails takes back nothing but itself, except where two transactions wait for each other: then the server
    /// has ended this one.
    package func attempt<Result>(
        _ body: () throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result {
        let name = "part_\(savepoints)"
        try execute("SAVEPOINT \(name)")
        savepoints += 1
        defer { savepoints -= 1 }
        do throws(StorageFailure) {
            let result = try body()
            try execute("RELEASE SAVEPOINT \(name)")
            return result
        } catch {
            guard isUsable else { throw error }
            if case .contended = error { throw error }
            try execute("ROLLBACK TO SAVEPOINT \(name); RELEASE SAVEPOINT \(name)")
            throw error
        }
    }

    /// InnoDB has no locks of tables that writers heed. Instead, a serializable transaction locks what it reads, with the gaps
    /// in between; it must be one from its start, so another one is asked for.
    package func hold(_ tables: Set<String>, writingTo own: String) throws(StorageFailure) {
        guard case .serial = state else {
            wantsSerial = true
            throw .contended("the rule looks at other records, which are to stay what they are")
        }
        guard tables.contains(own) else { return }
        // Two that write to what they look at would wait for each other, so these exclude each other at once.
        let name = SQL.Name("name")
        try run(
            "INSERT INTO \(SQL.Name("_holds")) (\(name)) VALUES (\(.text(own))) ON DUPLICATE KEY UPDATE \(name) = \(.text(own))"
        )
    }

    package func appendToJournal(_ entry: Statement, of transaction: Identifier) throws(StorageFailure) {
        let id = try asked(entry) { offstage_mysql_stmt_insert_id($0.handle) }
        proof = CommitProof(entry: Int64(bitPattern: id), transaction: transaction)
    }

    package func numbering(after last: Int64, atMost: Int) -> SQL {
        """
        UPDATE "_journal" JOIN (SELECT "id", ROW_NUMBER() OVER (ORDER BY "id") AS "number" FROM "_journal"
        WHERE "position" IS NULL ORDER BY "id" LIMIT \(.integer(Int64(atMost)))) AS "_new" ON "_new"."id" = "_journal"."id"
        SET "_journal"."position" = \(.integer(last)) + "_new"."number"
        """
    }

    // MARK: Statements

    package func execute(_ text: String) throws(StorageFailure) {
        var text = text
        let isSent = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                offstage_mysql_real_query(handle, $0.baseAddress, UInt($0.count))
            }
        }
        guard isSent else { throw failed() }
        while true {
            if let result = offstage_mysql_store_result(handle) { offstage_mysql_free_result(result) }
            guard offstage_mysql_more_results(handle) else { break }
            guard offstage_mysql_next_result(handle) <= 0 else { throw failed() }
        }
        if text == words.unlimited { limit = 0 }
    }

    private func failed() -> StorageFailure {
        let code = offstage_mysql_errno(handle)
        isLost = isLost || MySQLFailures.isLost(code)
        limit = nil
        return failures.failure(code, offstage_mysql_error(handle))
    }

    @discardableResult
    package func run(_ statement: Statement) throws(StorageFailure) -> Int {
        // Outside of transactions stand definitions alone, which take the time they need.
        if case .idle = state, limit != 0 { try execute(limiting(to: 0).removingEnd) }
        return try asked(statement) { Int(clamping: offstage_mysql_stmt_affected_rows($0.handle)) }
    }

    /// The whole answer is here before the body sees its first row, so that the body may ask other things in between. What may
    /// be long is asked for in parts.
    package func rows(
        _ statement: Statement,
        _ body: (any Row) throws(StorageFailure) -> Bool
    ) throws(StorageFailure) {
        if case .idle = state, limit != 0, limit != Self.usualLimit {
            try execute(limiting(to: Self.usualLimit).removingEnd)
        }
        var answer: MySQLAnswer?
        try asked(statement) { answer = $0.answer() }
        guard let answer else { return }
        for place in 0..<answer.count {
            guard try body(MySQLRow(answer: answer, place: place)) else { return }
        }
    }

    /// Runs a statement and reads from it what the body wants.
    private func asked<Result>(
        _ statement: Statement,
        _ body: (MySQLStatement) -> Result
    ) throws(StorageFailure) -> Result {
        let isKept = statement.text.utf8.count <= Self.keptBytes
        let parameters = MySQLParameters(statement.bindings)
        var tries = 0
        while true {
            tries += 1
            let ready = try isKept ? kept(statement.text) : prepare(statement.text)
            defer { if !isKept { ready.close() } }
            guard ready.parameterCount == statement.bindings.count else {
                throw .other("a statement has \(ready.parameterCount) places for \(statement.bindings.count) values")
            }
            var result: Result?
            if ready.execute(parameters) {
                result = body(ready)
            }
            let code = offstage_mysql_stmt_errno(ready.handle)
            if code == 0, let result { return result }
            if isKept, tries == 1, MySQLFailures.isOutdated(code) {
                forget(statement.text)
                continue
            }
            isLost = isLost || MySQLFailures.isLost(code)
            throw failures.failure(code, offstage_mysql_stmt_error(ready.handle))
        }
    }

    private func kept(_ text: String) throws(StorageFailure) -> MySQLStatement {
        var dropped: [MySQLStatement] = []
        defer { for statement in dropped { statement.close() } }
        if let statement = prepared.value(text, dropped: { dropped += $0 }) { return statement }
        let statement = try prepare(text)
        prepared.keep(statement, for: text) { dropped += $0 }
        return statement
    }

    private func forget(_ text: String) {
        // Another one is put in its place, which closes it.
        guard let outdated = prepared.value(text), let fresh = try? prepare(text) else { return }
        var dropped: [MySQLStatement] = []
        prepared.keep(fresh, for: text) { dropped += $0 }
        for statement in dropped where statement !== outdated { statement.close() }
        outdated.close()
    }

    private func prepare(_ text: String) throws(StorageFailure) -> MySQLStatement {
        guard let statement = offstage_mysql_stmt_init(handle) else { throw failed() }
        var text = text
        let isPrepared = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                offstage_mysql_stmt_prepare(statement, $0.baseAddress, UInt($0.count))
            }
        }
        guard isPrepared else {
            defer { _ = offstage_mysql_stmt_close(statement) }
            let code = offstage_mysql_stmt_errno(statement)
            isLost = isLost || MySQLFailures.isLost(code)
            throw failures.failure(code, offstage_mysql_stmt_error(statement))
        }
        return MySQLStatement(statement)
    }
}

extension String {
    /// The statement without what would join it to another one.
    fileprivate var removingEnd: String { hasSuffix("; ") ? String(dropLast(2)) : self }
}
