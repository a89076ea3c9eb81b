import NIOPosix
import OffstageSchema
import OffstageStorage
import Synchronization

/// The read-only connections: handed to one body at a time, made when all are busy, kept for the next.
final class SQLiteReaders: Sendable {
    private let path: String
    private let threads: NIOThreadPool
    private let idle = Mutex<[SQLiteConnection]>([])

    /// Scans that run at once; further ones wait for a thread.
    private static let threadCount = 4
    /// Time that one scan may take.
    static let timeLimit: Duration = .seconds(10)

    init(path: String) {
        self.path = path
        threads = NIOThreadPool(numberOfThreads: Self.threadCount)
        threads.start()
    }

    /// Runs the body where it is called: the body is a matter of microseconds, a change of threads is not.
    func readBounded<Result>(
        _ body: (any Connection) throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result {
        let connection = try take()
        defer { giveBack(connection) }
        return try readable(connection, body)
    }

    /// Runs the body where it is called, as long as it stays short.
    ///
    /// - Parameter text: tells such reads apart.
    /// - Returns: nil when it was more than that, or was so lately.
    func readShort<Result>(
        _ text: String,
        _ body: (any Connection) throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result? {
        guard isTried(text) else { return nil }
        let connection = try take()
        connection.limit(steps: Self.stepsAtMost)
        defer {
            connection.limit(steps: nil)
            giveBack(connection)
        }
        do throws(StorageFailure) {
            return try transaction(connection, body)
        } catch .tooSlow {
            if connection.wasStopped { longer.withLock { $0.keep(Self.timesPassedOver, for: text) } }
            return nil
        } catch {
            throw error
        }
    }

    /// Reads that were more than short, and how often each is still not tried again.
    private let longer = Mutex(RecentlyUsed<String, Int>(atMost: 500))
    private static let timesPassedOver = 100

    /// Steps of SQLite's virtual machine: a page of some hundred rows, in less than a millisecond.
    private static let stepsAtMost: Int32 = 10_000

    private func isTried(_ text: String) -> Bool {
        longer.withLock { longer in
            guard let times = longer.value(text) else { return true }
            longer.keep(times - 1, for: text)
            return times <= 0
        }
    }

    /// Runs the body on a thread for such work, in one read transaction, for a limited time; nil for any time. The time counts
    /// from here: when others hold the threads too long, who waits is told rather than kept.
    func scan<Result: Sendable>(
        timeLimit: Duration? = SQLiteReaders.timeLimit,
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result {
        let deadline = timeLimit.map { ContinuousClock.now + $0 }
        let outcome: Swift.Result<Result, StorageFailure>
        do {
            outcome = try await threads.runIfActive { [self] in
                do throws(StorageFailure) {
                    return .success(try scanning(deadline, body))
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw .unavailable("the database is closed")
        }
        return try outcome.get()
    }

    private func scanning<Result>(
        _ deadline: ContinuousClock.Instant?,
        _ body: (any Connection) throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result {
        if let deadline, deadline < .now { throw .tooSlow }
        let connection = try take()
        connection.limit(until: deadline)
        defer {
            connection.limit(until: nil)
            giveBack(connection)
        }
        return try transaction(connection, body)
    }

    /// Everything in it sees one state of the data.
    private func transaction<Result>(
        _ connection: SQLiteConnection,
        _ body: (any Connection) throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result {
        try connection.run(Self.begin)
        do throws(StorageFailure) {
            let result = try readable(connection, body)
            try connection.run(Self.commit)
            return result
        } catch {
            _ = try? connection.run(Self.rollback)
            throw error
        }
    }

    /// A read that the disk fails is told by SQLite as damage (`SQLITE_IOERR_CORRUPTFS` becomes `SQLITE_CORRUPT`). Which of the
    /// two it is only a check of the file tells, so it is not called the one that lasts.
    private func readable<Result>(
        _ connection: SQLiteConnection,
        _ body: (any Connection) throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result {
        do throws(StorageFailure) {
            return try body(connection)
        } catch .damaged(let reason) where SQLiteFailures.stopsWrites(connection.handle) {
            throw Self.unreadable(reason)
        } catch {
            throw error
        }
    }

    private static func unreadable(_ reason: String) -> StorageFailure {
        .unavailable("the database can't be read, or is damaged: \(reason)")
    }

    private func take() throws(StorageFailure) -> SQLiteConnection {
        if let connection = idle.withLock({ $0.popLast() }) { return connection }
        do throws(StorageFailure) {
            return try open()
        } catch .damaged(let reason) {
            throw Self.unreadable(reason)
        } catch {
            throw error
        }
    }

    private func open() throws(StorageFailure) -> SQLiteConnection {
        let connection = try SQLiteConnection(path: path, mode: .reader)
        // A reader never checkpoints: see SQLiteWriter.
        try connection.execute("PRAGMA wal_autocheckpoint = 0; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -8000")
        return connection
    }

    private func giveBack(_ connection: SQLiteConnection) {
        idle.withLock { $0.append(connection) }
    }

    func close() async {
        try? await threads.shutdownGracefully()
        let connections = idle.withLock { idle in
            defer { idle = [] }
            return idle
        }
        for connection in connections { connection.close() }
    }

    private static let begin = Statement(text: "BEGIN").numbered()
    private static let commit = Statement(text: "COMMIT").numbered()
    private static let rollback = Statement(text: "ROLLBACK").numbered()
}
