import CSQLite
package import OffstageSchema
package import OffstageStorage

/// One connection to the database's file, with the statements it has prepared.
///
/// Used by one thread at a time: the writer's thread owns its own, and a reader is handed to one body at a time.
/// That is why it may be sent between threads although nothing in it is locked.
package final class SQLiteConnection: Connection, @unchecked Sendable {
    package let dialect: any Dialect = SQLiteDialect()
    let handle: OpaquePointer
    /// Statements kept prepared. The texts come from the catalog and from requests, whose filters may be anything: so the
    /// ones in use stay, and long ones are not kept.
    private var prepared = RecentlyUsed<String, OpaquePointer>(atMost: 512)
    private static let keptBytes = 16_384
    /// The ones with a number, at its place.
    private var numbered: [OpaquePointer?] = []
    /// Statements that had to go while they ran.
    private var lingering: [OpaquePointer] = []
    /// When a running statement is to be stopped; nil for never.
    private var deadline: ContinuousClock.Instant?

    enum Mode {
        case reader
        case writer
    }

    /// Opens the file. A writer makes it when it is not there.
    init(path: String, mode: Mode) throws(StorageFailure) {
        var handle: OpaquePointer?
        let access = mode == .reader ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let code = sqlite3_open_v2(path, &handle, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let handle else {
            let failure = SQLiteFailures.failure(code, handle)
            sqlite3_close_v2(handle)
            throw failure
        }
        self.handle = handle
        // A name in double quotes that is no column is an error, not a text.
        _ = offstage_db_config_bool(handle, SQLITE_DBCONFIG_DQS_DDL, 0)
        _ = offstage_db_config_bool(handle, SQLITE_DBCONFIG_DQS_DML, 0)
        try ExpressionFunctions.register(on: handle)
        try SearchRank.register(on: handle)
    }

    deinit { close() }

    private var isClosed = false

    /// - Parameter checkpointing: whether the last connection brings the log into the database on its way out.
    func close(checkpointing: Bool = true) {
        guard !isClosed else { return }
        if !checkpointing { _ = offstage_db_config_bool(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1) }
        isClosed = true
        for statement in prepared.values + lingering + numbered.compactMap({ $0 }) { sqlite3_finalize(statement) }
        prepared.removeAll()
        numbered = []
        lingering = []
        sqlite3_close_v2(handle)
    }

    /// Runs text that is the program's own: pragmas, transaction control, migration steps.
    func execute(_ text: String) throws(StorageFailure) {
        let code = sqlite3_exec(handle, text, nil, nil, nil)
        guard code == SQLITE_OK else { throw SQLiteFailures.failure(code, handle) }
    }

    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    @discardableResult
    package func run(_ statement: Statement) throws(StorageFailure) -> Int {
        let prepared = try prepare(statement)
        // SQLite counts the steps of all runs together.
        if isHurried { sqlite3_stmt_status(prepared.statement, SQLITE_STMTSTATUS_VM_STEP, 1) }
        defer { release(prepared) }
        try bind(statement.bindings, to: prepared.statement)
        var code = sqlite3_step(prepared.statement)
        while code == SQLITE_ROW { code = sqlite3_step(prepared.statement) }
        guard code == SQLITE_DONE else { throw SQLiteFailures.failure(code, handle) }
        return Int(sqlite3_changes64(handle))
    }

    package func rows(
        _ statement: Statement,
        _ body: (any Row) throws(StorageFailure) -> Bool
    ) throws(StorageFailure) {
        let prepared = try prepare(statement)
        // SQLite counts the steps of all runs together.
        if isHurried { sqlite3_stmt_status(prepared.statement, SQLITE_STMTSTATUS_VM_STEP, 1) }
        defer { release(prepared) }
        try bind(statement.bindings, to: prepared.statement)
        let row = SQLiteRow(statement: prepared.statement)
        while true {
            switch sqlite3_step(prepared.statement) {
            case SQLITE_ROW:
                guard try body(row) else { return }
            case SQLITE_DONE: return
            case let code: throw SQLiteFailures.failure(code, handle)
            }
        }
    }

    // MARK: Transactions

    package var writesAlone: Bool { true }

    package func attempt<Result>(
        _ body: () throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result {
        try run(Self.savepoint)
        do throws(StorageFailure) {
            let result = try body()
            try run(Self.release)
            return result
        } catch {
            // The writer looks at why the connection failed, so nothing else may be asked of it first; and a full disk may have
            // ended the whole transaction, and its savepoints with it.
            guard !SQLiteFailures.stopsWrites(handle), isInTransaction else { throw error }
            try run(Self.rollback)
            try run(Self.release)
            throw error
        }
    }

    private static let savepoint = Statement(text: "SAVEPOINT part").numbered()
    private static let rollback = Statement(text: "ROLLBACK TO part").numbered()
    private static let release = Statement(text: "RELEASE part").numbered()

    /// Nobody else writes anyway.
    package func hold(_ tables: Set<String>, writingTo own: String) throws(StorageFailure) {}

    /// A commit in this process has no answer that could be lost.
    package func appendToJournal(_ entry: Statement, of transaction: Identifier) throws(StorageFailure) {
        try run(entry)
    }

    // MARK: Prepared statements

    private struct Prepared {
        let statement: OpaquePointer
        /// False when the kept one was in use, by a loop around this one.
        let isKept: Bool
    }

    private func prepare(_ statement: Statement) throws(StorageFailure) -> Prepared {
        guard let number = statement.number else { return try prepare(statement.text) }
        if numbered.indices.contains(number), let kept = numbered[number], sqlite3_stmt_busy(kept) == 0 {
            return Prepared(statement: kept, isKept: true)
        }
        let isNew = !numbered.indices.contains(number) || numbered[number] == nil
        let made = try prepare(statement.text, flags: isNew ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0)
        guard isNew else { return Prepared(statement: made, isKept: false) }
        while numbered.count <= number { numbered.append(nil) }
        numbered[number] = made
        return Prepared(statement: made, isKept: true)
    }

    private func prepare(_ text: String, flags: UInt32) throws(StorageFailure) -> OpaquePointer {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, text, -1, flags, &statement, nil)
        guard code == SQLITE_OK, let statement else { throw SQLiteFailures.failure(code, handle) }
        return statement
    }

    private func prepare(_ text: String) throws(StorageFailure) -> Prepared {
        let kept = prepared.value(text, dropped: drop)
        if let kept, sqlite3_stmt_busy(kept) == 0 { return Prepared(statement: kept, isKept: true) }
        let keep = kept == nil && text.utf8.count <= Self.keptBytes
        let statement = try prepare(text, flags: keep ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0)
        if keep { prepared.keep(statement, for: text, dropped: drop) }
        return Prepared(statement: statement, isKept: keep)
    }

    private func release(_ prepared: Prepared) {
        if prepared.isKept {
            sqlite3_reset(prepared.statement)
            sqlite3_clear_bindings(prepared.statement)
        } else {
            sqlite3_finalize(prepared.statement)
        }
    }

    private func drop(_ statements: [OpaquePointer]) {
        let all = statements + lingering
        lingering = []
        for statement in all {
            if sqlite3_stmt_busy(statement) == 0 { sqlite3_finalize(statement) } else { lingering.append(statement) }
        }
    }

    private func bind(_ values: [Value], to statement: OpaquePointer) throws(StorageFailure) {
        for (index, value) in values.enumerated() {
            let code = SQLiteValues.bind(value, to: statement, at: Int32(index + 1))
            guard code == SQLITE_OK else { throw SQLiteFailures.failure(code, handle) }
        }
    }

    // MARK: Log

    /// Pages in the write-ahead log after the last commit of this connection.
    private(set) var framesInLog = 0

    /// Keeps count of the log's length.
    func countFrames() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = sqlite3_wal_hook(
            handle,
            { context, _, _, frames in
                if let context {
                    Unmanaged<SQLiteConnection>.fromOpaque(context).takeUnretainedValue().framesInLog = Int(frames)
                }
                return SQLITE_OK
            },
            context
        )
    }

    /// Brings as much of the log into the database as readers let, and syncs both.
    func checkpoint() -> Int32 {
        framesInLog = 0
        return sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    }

    // MARK: Limits

    package private(set) var isHurried = false
    /// Whether a statement was stopped since the limit was set.
    private(set) var wasStopped = false

    /// Stops any statement after so many steps of the virtual machine; nil lifts the limit.
    func limit(steps: Int32?) {
        isHurried = steps != nil
        guard let steps else {
            sqlite3_progress_handler(handle, 0, nil, nil)
            return
        }
        wasStopped = false
        sqlite3_progress_handler(
            handle,
            steps,
            { context in
                if let context {
                    Unmanaged<SQLiteConnection>.fromOpaque(context).takeUnretainedValue().wasStopped = true
                }
                return 1
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    /// Stops any statement that runs when the time is over; nil lifts the limit.
    func limit(until deadline: ContinuousClock.Instant?) {
        self.deadline = deadline
        guard deadline != nil else {
            sqlite3_progress_handler(handle, 0, nil, nil)
            return
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_progress_handler(
            handle,
            20_000,
            { context in
                guard let context else { return 0 }
                let connection = Unmanaged<SQLiteConnection>.fromOpaque(context).takeUnretainedValue()
                guard let deadline = connection.deadline else { return 0 }
                return ContinuousClock.now > deadline ? 1 : 0
            },
            context
        )
    }
}
