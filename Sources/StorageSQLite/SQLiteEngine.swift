import CSQLite
import OffstageSchema
import Glibc
package import OffstageStorage

/// SQLite inside the program: readers on threads, one writer with group commit, a write-ahead log, every commit synced.
package final class SQLiteEngine: Engine {
    package let dialect: any Dialect = SQLiteDialect()
    package let path: String
    /// Whether this process alone may change the schema: it holds the lock of the one that serves.
    package let isOwner: Bool

    private let serving: FileLock
    private let readers: SQLiteReaders
    private let writer: SQLiteWriter

    /// "Offs": what `PRAGMA application_id` says of a database that Offstage made.
    static let applicationID: Int32 = 0x4f66_6673

    /// Opens the database, and makes it when there is none.
    ///
    /// - Parameters:
    ///   - path: the file; its folder must be there.
    /// - Throws: `.refused` when the file holds somebody else's database, which is not touched; `.damaged` when it is
    ///   no database; `.unavailable` when it can't be opened.
    ///   - ownerWithin: how long to wait for the lock of the one that serves; nil when it is not wanted, as by a command
    ///     that reads.
    package init(path: String, ownerWithin: Duration? = .zero) throws(StorageFailure) {
        self.path = path
        serving = try FileLock(path: path + ".serving")
        if let ownerWithin { isOwner = serving.lock(within: ownerWithin) } else { isOwner = false }
        if isOwner { serving.note("process \(getpid())") }
        let turn = try FileLock(path: path + ".writing")
        guard turn.lock(within: SQLiteWriter.turnWithin) else { throw SQLiteWriter.turnIsTaken }
        defer { turn.unlock() }
        if isOwner { try LogOnDisk.secure(of: path) }
        let connection = try SQLiteConnection(path: path, mode: .writer)
        try Self.identify(connection, path: path)
        chmod(path, 0o600)
        try Self.setUp(connection, isOwner: isOwner)
        writer = SQLiteWriter(connection: connection, turn: turn, checkpoints: isOwner)
        readers = SQLiteReaders(path: path)
    }

    /// Who holds the lock of the one that serves, as a phrase: "process 4711".
    package var owner: String { serving.noted() }

    /// Refuses a database that Offstage did not make before anything is written to it.
    private static func identify(_ connection: SQLiteConnection, path: String) throws(StorageFailure) {
        let id = try connection.first(Statement(text: "PRAGMA application_id")) { $0.integer(0) } ?? 0
        guard id != Int64(applicationID) else { return }
        let tables = try connection.first(Statement(text: "SELECT count(*) FROM sqlite_schema")) { $0.integer(0) } ?? 0
        guard tables == 0, id == 0 else {
            throw .refused(
                Failure(
                    .conflict,
                    "\(path) holds a database that Offstage did not make; it was not touched. "
                        + "Name another file in OFFSTAGE_DATABASE, or move that one away."
                )
            )
        }
    }

    private static func setUp(_ connection: SQLiteConnection, isOwner: Bool) throws(StorageFailure) {
        // The order matters: the page size holds only before the first write, WAL before synchronous means anything.
        try connection.execute(
            """
            PRAGMA busy_timeout = 30000;
            PRAGMA page_size = 4096;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA trusted_schema = OFF;
            PRAGMA cell_size_check = ON;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA cache_size = -16000;
            PRAGMA temp_store = MEMORY;
            """
        )
        let mode = try connection.first(Statement(text: "PRAGMA journal_mode")) { $0.text(0) }
        guard mode == "wal" else {
            throw .unavailable("the file system can't hold a write-ahead log (journal mode is \(mode ?? "unknown"))")
        }
        // SQLite's own checkpoint after a commit throws its result away; SQLiteWriter looks at it.
        try connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.countFrames()
        guard !isOwner else { return }
        // Beside a running server, only the server checkpoints.
        _ = offstage_db_config_bool(connection.handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    }

    package func read<Result: Sendable>(
        _ extent: ReadExtent,
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result {
        switch extent {
        case .bounded: try readers.readBounded(body)
        case .short(let text):
            if let result = try readers.readShort(text, body) { result } else { try await readers.scan(body) }
        case .scan: try await readers.scan(body)
        }
    }

    package func write<Result: Sendable>(
        _ extent: WriteExtent,
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result {
        try await writer.write(extent, body)
    }

    /// Runs the body in a read transaction that may take as long as it needs.
    func scanUnlimited<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result {
        try await readers.scan(timeLimit: nil, body)
    }

    /// Runs the body on the writer's connection while nothing else writes; its transactions are its own affair.
    func exclusively<Result: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result {
        try await writer.exclusively(body)
    }

    package func close() async {
        await readers.close()
        await writer.close()
    }
}
