import CSQLite
import NIOPosix
import OffstageStorage
import Synchronization

/// The one writer: takes all writes that wait as one transaction (group commit), so that many callers share one sync. Nobody
/// is answered before the sync.
///
/// A write that fails before it changed anything is left out. When one fails later, all of the group is done again with a
/// savepoint each, which takes back that one alone; a savepoint for each from the start would copy every page that changes.
///
/// A lock between processes is held for each transaction and its checkpoint: up to SQLite 3.51.2 two connections that
/// write and checkpoint at once can damage a write-ahead log.
final class SQLiteWriter: Sendable {
    private struct Queue {
        var waiting: [any WriteJob] = []
        var isDraining = false
        /// Why nothing is written any more; reads go on.
        var halted: StorageFailure?
        /// Halted since the disk or the database can't be trusted.
        var isUnsound = false
    }

    private let connection: SQLiteConnection
    private let turn: FileLock
    /// Whether this process brings the log into the database: the one that serves.
    private let checkpoints: Bool
    private let thread: NIOThreadPool
    private let queue = Mutex(Queue())

    /// About four megabytes of log.
    private static let framesBeforeCheckpoint = 1000

    /// Writes of one transaction. More would let the first of them wait for long.
    private static let groupAtMost = 512

    init(connection: SQLiteConnection, turn: FileLock, checkpoints: Bool) {
        self.connection = connection
        self.turn = turn
        self.checkpoints = checkpoints
        thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
    }

    func write<Result: Sendable>(
        _ extent: WriteExtent,
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result {
        let outcome: Swift.Result<Result, StorageFailure> = await withCheckedContinuation { continuation in
            enqueue(Job(extent, body: body, continuation: continuation))
        }
        return try outcome.get()
    }

    private func enqueue(_ job: some WriteJob) {
        let startsDraining: Bool? = queue.withLock { queue in
            if queue.halted != nil { return nil }
            queue.waiting.append(job)
            if queue.isDraining { return false }
            queue.isDraining = true
            return true
        }
        switch startsDraining {
        case .none: job.finish(queue.withLock { $0.halted } ?? .unavailable("the database is closed"))
        case .some(true): thread.submit { [self] _ in drain() }
        case .some(false): break
        }
    }

    private func drain() {
        while true {
            let group: [any WriteJob] = queue.withLock { queue in
                let group = Self.group(queue.waiting)
                queue.waiting.removeFirst(group.count)
                if group.isEmpty { queue.isDraining = false }
                return group
            }
            if group.isEmpty { return }
            commit(group)
        }
    }

    /// The first writes that wait, as many as one transaction takes. One that does much is alone in its own, so that it is
    /// not done again for the sake of others.
    private static func group(_ waiting: [any WriteJob]) -> [any WriteJob] {
        guard let first = waiting.first, case .few = first.extent else { return Array(waiting.prefix(1)) }
        let few = waiting.prefix(groupAtMost).prefix { if case .few = $0.extent { true } else { false } }
        return Array(few)
    }

    /// One transaction for all of the group. A job that fails takes back its own part alone.
    private func commit(_ group: [any WriteJob]) {
        guard turn.lock(within: Self.turnWithin) else {
            for job in group { job.finish(Self.turnIsTaken) }
            return
        }
        defer { turn.unlock() }
        do throws(StorageFailure) {
            try connection.run(Self.begin)
            if try !performTogether(group) {
                try connection.run(Self.rollback)
                try connection.run(Self.begin)
                if group.count > 1 { try performApart(group) }
            }
        } catch {
            fail(group, error)
            return
        }
        do throws(StorageFailure) {
            try connection.run(Self.commit)
        } catch {
            // A full disk takes the transaction back; after any other failure it may be in the log or not.
            if case .full = error { fail(group, error) } else { fail(group, .uncertain("\(error)")) }
            return
        }
        for job in group { job.finish(nil) }
        if checkpoints { checkpoint() }
    }

    /// - Returns: false when a job failed after it had changed something, so that all must be taken back.
    private func performTogether(_ group: [any WriteJob]) throws(StorageFailure) -> Bool {
        for job in group {
            let changes = sqlite3_total_changes64(connection.handle)
            if job.perform(connection) { continue }
            try requireSoundness(after: job)
            if sqlite3_total_changes64(connection.handle) != changes { return false }
        }
        return true
    }

    private func performApart(_ group: [any WriteJob]) throws(StorageFailure) {
        for job in group {
            try connection.run(Self.savepoint)
            if !job.perform(connection) {
                try requireSoundness(after: job)
                try connection.run(Self.rollbackToSavepoint)
            }
            try connection.run(Self.releaseSavepoint)
        }
    }

    private func requireSoundness(after job: any WriteJob) throws(StorageFailure) {
        // Damage and I/O errors are the database's, not the job's: nothing more is written to it.
        if SQLiteFailures.stopsWrites(connection.handle) {
            throw job.failure ?? .unavailable("the database can't be trusted")
        }
        // A full disk or a failed write may have ended the whole transaction.
        if sqlite3_get_autocommit(connection.handle) != 0 {
            throw job.failure ?? .unavailable("the transaction was ended")
        }
    }

    /// Brings the log into the database once it is long. A failed sync stops all writing: a second one on the same file
    /// may succeed although pages were lost.
    private func checkpoint() {
        guard connection.framesInLog >= Self.framesBeforeCheckpoint else { return }
        let code = connection.checkpoint()
        guard code != SQLITE_OK, SQLiteFailures.stopsWrites(connection.handle) else { return }
        fail(
            [],
            .unavailable(
                "the log can't be brought into the database: \(SQLiteFailures.failure(code, connection.handle))"
            )
        )
    }

    private func fail(_ group: [any WriteJob], _ failure: StorageFailure) {
        let stops = SQLiteFailures.stopsWrites(connection.handle)
        if sqlite3_get_autocommit(connection.handle) == 0 { _ = try? connection.run(Self.rollback) }
        guard stops else {
            for job in group { job.finish(failure) }
            return
        }
        // Whether the disk or the database is at fault, the next start tells; until then the answer to all is the same.
        let halted = StorageFailure.unavailable("nothing is written until the next start: \(failure)")
        let rest = queue.withLock { queue in
            queue.halted = halted
            queue.isUnsound = true
            defer { queue.waiting = [] }
            return queue.waiting
        }
        for job in rest { job.finish(halted) }
        let ended = if case .uncertain = failure { failure } else { halted }
        for job in group { job.finish(ended) }
    }

    /// Runs the body on the writer's thread, between transactions of groups, while no other process writes.
    func exclusively<Result: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result {
        let outcome: Swift.Result<Result, StorageFailure>
        do {
            outcome = try await thread.runIfActive { [self] in
                guard turn.lock(within: Self.turnWithin) else { return .failure(Self.turnIsTaken) }
                defer { turn.unlock() }
                do throws(StorageFailure) {
                    if let halted = queue.withLock({ $0.halted }) { throw halted }
                    return .success(try body(connection))
                } catch {
                    if SQLiteFailures.stopsWrites(connection.handle) { fail([], error) }
                    return .failure(error)
                }
            }
        } catch {
            throw .unavailable("the database is closed")
        }
        return try outcome.get()
    }

    /// Waits for what was asked, then closes the connection, which checkpoints.
    func close() async {
        queue.withLock { $0.halted = $0.halted ?? .unavailable("the database is closed") }
        try? await thread.runIfActive { [self] in
            // Closing checkpoints, which is a write; without the turn the next start does it.
            let hasTurn = turn.lock(within: Self.turnWithin)
            let isSound = queue.withLock { !$0.isUnsound }
            connection.close(checkpointing: hasTurn && isSound)
            if hasTurn { turn.unlock() }
        }
        try? await thread.shutdownGracefully()
    }

    /// How long another process, such as an import, may hold the turn before writes here are refused.
    static let turnWithin: Duration = .seconds(30)
    static let turnIsTaken = StorageFailure.unavailable("another process has been writing to the database for long")

    private static let begin = Statement(text: "BEGIN IMMEDIATE").numbered()
    private static let savepoint = Statement(text: "SAVEPOINT one").numbered()
    private static let rollbackToSavepoint = Statement(text: "ROLLBACK TO one").numbered()
    private static let releaseSavepoint = Statement(text: "RELEASE one").numbered()
    private static let commit = Statement(text: "COMMIT").numbered()
    private static let rollback = Statement(text: "ROLLBACK").numbered()
}

/// One caller's write while it waits.
private protocol WriteJob: AnyObject, Sendable {
    /// Runs the body; false when it failed and its part is to be taken back.
    func perform(_ connection: SQLiteConnection) -> Bool
    var failure: StorageFailure? { get }
    var extent: WriteExtent { get }
    /// Answers the caller: with what the body gave, or with why the transaction failed.
    func finish(_ failure: StorageFailure?)
}

/// The writer's thread alone touches it between `enqueue` and `finish`.
private final class Job<Result: Sendable>: WriteJob, @unchecked Sendable {
    private let body: @Sendable (any Connection) throws(StorageFailure) -> Result
    private let continuation: CheckedContinuation<Swift.Result<Result, StorageFailure>, Never>
    private var outcome: Swift.Result<Result, StorageFailure>?

    let extent: WriteExtent

    init(
        _ extent: WriteExtent,
        body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result,
        continuation: CheckedContinuation<Swift.Result<Result, StorageFailure>, Never>
    ) {
        self.extent = extent
        self.body = body
        self.continuation = continuation
    }

    func perform(_ connection: SQLiteConnection) -> Bool {
        do throws(StorageFailure) {
            outcome = .success(try body(connection))
            return true
        } catch {
            outcome = .failure(error)
            return false
        }
    }

    var failure: StorageFailure? {
        if case .failure(let failure) = outcome { failure } else { nil }
    }

    func finish(_ failure: StorageFailure?) {
        let answer: Swift.Result<Result, StorageFailure> =
            switch (outcome, failure) {
            // What stopped the writer is said once for all, not as this job met it.
            case (.failure(.damaged), let failure?), (.success, let failure?), (nil, let failure?): .failure(failure)
            case (let outcome?, _): outcome
            case (nil, nil): .failure(.other("a write was answered before it ran"))
            }
        continuation.resume(returning: answer)
    }
}
