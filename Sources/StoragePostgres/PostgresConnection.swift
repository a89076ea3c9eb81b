import CPostgres
package import OffstageSchema
package import OffstageStorage
package import OffstageStorageServers

/// One connection to PostgreSQL, with the statements it has prepared. Values travel in PostgreSQL's binary forms.
///
/// Used by one thread at a time: the pool hands it to one body and takes it back. That is why it may be sent between threads
/// although nothing in it is locked.
package final class PostgresConnection: ServerConnection, @unchecked Sendable {
    package let dialect: any Dialect = PostgresDialect()
    let handle: OpaquePointer
    private let failures: PostgresFailures
    package let session: Int64
    package private(set) var proof: CommitProof?

    /// The name of a prepared statement by its text and the types of what is bound to it.
    private var prepared = RecentlyUsed<Prepared, String>(atMost: 256)
    private var preparedCount = 0
    private static let keptBytes = 16_384

    private struct Prepared: Hashable {
        let text: String
        let types: [Oid]
    }

    private enum State {
        case idle
        case running
        /// A statement failed, which PostgreSQL takes for the end of the transaction; a body may still ask why, in what was
        /// begun in its place, but nothing of it is committed.
        case doomed(StorageFailure)
    }

    private var state = State.idle
    private var savepoints = 0

    init(handle: OpaquePointer, failures: PostgresFailures) {
        self.handle = handle
        self.failures = failures
        session = Int64(offstage_pq_backendPID(handle))
    }

    deinit { close() }

    private var isClosed = false

    package func close() {
        guard !isClosed else { return }
        isClosed = true
        offstage_pq_finish(handle)
    }

    package var isUsable: Bool { !isClosed && offstage_pq_status(handle) == CONNECTION_OK }

    // MARK: Transactions

    package func begin(_ transaction: ServerTransaction) throws(StorageFailure) {
        proof = nil
        savepoints = 0
        switch transaction {
        case .write, .serialWrite: try execute("BEGIN")
        case .snapshot(let limit):
            try execute(
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = \(limit ?? 0)"
            )
        }
        state = .running
    }

    package func commit() throws(StorageFailure) {
        if case .doomed(let failure) = state { throw failure }
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

    package var writesAlone: Bool { false }

    package var wantsSerial: Bool { false }

    package func attempt<Result>(
        _ body: () throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result {
        let name = "part_\(savepoints)"
        try execute("SAVEPOINT \(name)")
        savepoints += 1
        defer { savepoints -= 1 }
        let outcome: Swift.Result<Result, StorageFailure>
        do throws(StorageFailure) {
            let result = try body()
            if case .doomed(let failure) = state { throw failure }
            outcome = .success(result)
        } catch {
            outcome = .failure(error)
        }
        switch outcome {
        case .success(let result):
            try execute("RELEASE \(name)")
            return result
        case .failure(let failure):
            guard isUsable else { throw failure }
            try execute("ROLLBACK TO \(name); RELEASE \(name)")
            state = .running
            throw failure
        }
    }

    /// PostgreSQL's own locks of tables: whoever writes to one has the other kind already, and waits for this one.
    package func hold(_ tables: Set<String>, writingTo own: String) throws(StorageFailure) {
        let names = tables.sorted().map { dialect.quoted($0) }.joined(separator: ", ")
        // Two that write to what they look at would wait for each other, so these exclude each other at once.
        let mode = tables.contains(own) ? "SHARE ROW EXCLUSIVE" : "SHARE"
        try execute("LOCK TABLE \(names) IN \(mode) MODE")
    }

    package func appendToJournal(_ entry: Statement, of transaction: Identifier) throws(StorageFailure) {
        let returning = Statement(text: entry.text + " RETURNING \"id\"", bindings: entry.bindings)
        let id = try first(returning) { $0.integer(0) }
        if let id { proof = CommitProof(entry: id, transaction: transaction) }
    }

    package func numbering(after last: Int64, atMost: Int) -> SQL {
        """
        UPDATE "_journal" SET "position" = \(.integer(last)) + "_new"."number"
        FROM (SELECT "id", row_number() OVER (ORDER BY "id") AS "number" FROM "_journal" WHERE "position" IS NULL
        ORDER BY "id" LIMIT \(.integer(Int64(atMost)))) AS "_new" WHERE "_journal"."id" = "_new"."id"
        """
    }

    // MARK: Statements

    package func execute(_ text: String) throws(StorageFailure) {
        let result = offstage_pq_exec(handle, text)
        defer { offstage_pq_clear(result) }
        switch offstage_pq_resultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: break
        default: throw failures.failure(result, handle)
        }
    }

    @discardableResult
    package func run(_ statement: Statement) throws(StorageFailure) -> Int {
        let result = try answer(statement)
        defer { offstage_pq_clear(result) }
        guard let count = offstage_pq_cmdTuples(result) else { return 0 }
        return Int(String(cString: count)) ?? 0
    }

    /// The whole answer is here before the body sees its first row, so that the body may ask other things in between. What may
    /// be long is asked for in parts.
    package func rows(
        _ statement: Statement,
        _ body: (any Row) throws(StorageFailure) -> Bool
    ) throws(StorageFailure) {
        let result = try answer(statement)
        defer { offstage_pq_clear(result) }
        guard let result else { return }
        for place in 0..<offstage_pq_ntuples(result) {
            guard try body(PostgresRow(result: result, place: place)) else { return }
        }
    }

    private func answer(_ statement: Statement) throws(StorageFailure) -> OpaquePointer? {
        do throws(StorageFailure) {
            return try sent(statement)
        } catch {
            try goOn(after: error)
            throw error
        }
    }

    /// Leaves the transaction that PostgreSQL gave up, so that who failed may still look for the reason.
    private func goOn(after failure: StorageFailure) throws(StorageFailure) {
        guard isUsable, case .running = state else { return }
        guard offstage_pq_transactionStatus(handle) == PQTRANS_INERROR else { return }
        state = .doomed(failure)
        if savepoints > 0 {
            try execute("ROLLBACK TO part_\(savepoints - 1)")
        } else {
            try execute("ROLLBACK; BEGIN")
        }
    }

    private func sent(_ statement: Statement) throws(StorageFailure) -> OpaquePointer? {
        let parameters = PostgresParameters(statement.bindings)
        guard statement.text.utf8.count <= Self.keptBytes else {
            return try checked(
                parameters.withPointers { values, lengths, formats in
                    offstage_pq_execParams(
                        handle,
                        statement.text,
                        Int32(parameters.types.count),
                        parameters.types,
                        values,
                        lengths,
                        formats,
                        1
                    )
                }
            )
        }
        let name = try name(of: statement.text, parameters.types)
        return try checked(
            parameters.withPointers { values, lengths, formats in
                offstage_pq_execPrepared(handle, name, Int32(parameters.types.count), values, lengths, formats, 1)
            }
        )
    }

    private func checked(_ result: OpaquePointer?) throws(StorageFailure) -> OpaquePointer? {
        switch offstage_pq_resultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return result
        default:
            defer { offstage_pq_clear(result) }
            throw failures.failure(result, handle)
        }
    }

    private func name(of text: String, _ types: [Oid]) throws(StorageFailure) -> String {
        let key = Prepared(text: text, types: types)
        var dropped: [String] = []
        if let name = prepared.value(key, dropped: { dropped += $0 }) { return name }
        preparedCount += 1
        let name = "s\(preparedCount)"
        let result = offstage_pq_prepare(handle, name, text, Int32(types.count), types)
        defer { offstage_pq_clear(result) }
        guard offstage_pq_resultStatus(result) == PGRES_COMMAND_OK else { throw failures.failure(result, handle) }
        prepared.keep(name, for: key) { dropped += $0 }
        for old in dropped { try execute("DEALLOCATE \(old)") }
        return name
    }
}
