import OffstageSchema
package import OffstageStorage
import Synchronization

/// A database on a server: connections from a pool, transactions that are run again when the server asks for it, and a
/// commit whose answer was lost looked up rather than guessed.
package final class ServerEngine<Driver: ServerDriver>: Engine {
    package let driver: Driver
    package var dialect: any Dialect { driver.dialect }
    let pool: ConnectionPool<Driver>
    let presence: Presence<Driver>
    /// Woken by each write that may have left an entry in the journal.
    package let sequencing = SequencerBell()

    /// Several processes may serve a database on a server at once.
    package var isOwner: Bool { true }
    package var owner: String { "another process" }

    /// Times that a transaction is run before its caller is told that others are in the way.
    private static var triesAtMost: Int { 12 }
    /// Time that a scan may take, from when it was asked for.
    private static var scanSeconds: Int { 10 }
    /// How long a lost commit is looked for.
    private static var lookingFor: Duration { .seconds(15) }

    /// Opens the database.
    ///
    /// - Throws: `.refused` when it holds what Offstage did not make, `.unavailable` when the server can't be reached.
    package init(_ driver: Driver) throws(StorageFailure) {
        self.driver = driver
        pool = ConnectionPool(driver)
        presence = Presence(driver)
        let driver = driver
        try pool.withLink { link throws(StorageFailure) in
            try SystemTables.identify(driver, link)
            if let shapes = try SystemTables.shapes(driver, link) { driver.know(shapes) }
        }
    }

    // MARK: Reading

    package func read<Result: Sendable>(
        _ extent: ReadExtent,
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result {
        let deadline = ContinuousClock.now + .seconds(Self.scanSeconds)
        return try await pool.run(extent) { [self] () throws(StorageFailure) in
            switch extent {
            // One statement, which sees one state of the data by itself.
            case .bounded: try onFreshLink { link throws(StorageFailure) in try body(link) }
            case .short, .scan:
                try onFreshLink { link throws(StorageFailure) in
                    let left = deadline - .now
                    guard left > .zero else { throw .tooSlow }
                    let milliseconds = Int(left / .milliseconds(1)) + 1
                    return try snapshot(link, milliseconds, body)
                }
            }
        }
    }

    /// Runs the body in a read transaction that may take as long as it needs.
    package func scanUnlimited<Result: Sendable>(
        _ body: @escaping @Sendable (Driver.Link) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result {
        try await pool.run(.scan) { [self] () throws(StorageFailure) in
            try onFreshLink { link throws(StorageFailure) in try snapshot(link, nil, body) }
        }
    }

    private func snapshot<Result>(
        _ link: Driver.Link,
        _ milliseconds: Int?,
        _ body: (Driver.Link) throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result {
        try link.begin(.snapshot(timeLimitMilliseconds: milliseconds))
        do throws(StorageFailure) {
            let result = try body(link)
            try link.commit()
            return result
        } catch {
            link.rollback()
            throw error
        }
    }

    /// A connection that was idle may have been lost without anybody noticing, so a read that finds it so is asked once
    /// more.
    private func onFreshLink<Result>(
        _ body: (Driver.Link) throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result {
        var isLost = false
        do throws(StorageFailure) {
            return try pool.withLink { link throws(StorageFailure) in
                defer { isLost = !link.isUsable }
                return try body(link)
            }
        } catch {
            guard isLost else { throw error }
        }
        return try pool.withLink(body)
    }

    // MARK: Writing

    package func write<Result: Sendable>(
        _ extent: WriteExtent,
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result {
        let result = try await pool.run(.bounded) { [self] () throws(StorageFailure) in try writing(body) }
        sequencing.ring()
        return result
    }

    /// Runs the transaction until it is through, or has failed for a reason of its own.
    func writing<Result>(
        _ body: (Driver.Link) throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result {
        var tries = 0
        var kind = ServerTransaction.write
        while true {
            tries += 1
            switch try attempt(kind, body) {
            case .done(let result): return result
            case .serially: kind = .serialWrite
            case .again(let reason):
                guard tries < Self.triesAtMost else { throw reason }
                Pause.beforeTry(tries)
            }
        }
    }

    private enum Attempt<Result> {
        case done(Result)
        /// Nothing of it happened; the reason is for the last try.
        case again(StorageFailure)
        /// Nothing of it happened; next time, nobody must disturb it.
        case serially
    }

    private func attempt<Result>(
        _ kind: ServerTransaction,
        _ body: (Driver.Link) throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Attempt<Result> {
        var lost: (result: Result, proof: CommitProof?, session: Int64)?
        let outcome = try pool.withLink { link throws(StorageFailure) -> Attempt<Result>? in
            let result: Result
            do throws(StorageFailure) {
                try link.begin(kind)
                result = try body(link)
            } catch {
                let isLost = !link.isUsable
                if !isLost { link.rollback() }
                if case .contended = error {
                    if !isLost, link.wantsSerial { return .serially }
                    return .again(error)
                }
                // Before its commit, a transaction ends with its connection.
                if isLost { return .again(error) }
                throw error
            }
            do throws(StorageFailure) {
                try link.commit()
                return .done(result)
            } catch {
                // A body that went on after a failure leaves a transaction that is not to be committed.
                if link.isUsable { link.rollback() }
                switch error {
                case .contended: return .again(error)
                case .uncertain:
                    lost = (result, link.proof, link.session)
                    return nil
                default: throw error
                }
            }
        }
        if let outcome { return outcome }
        guard let lost else { throw .other("a commit ended in no way that is known") }
        guard try wasCommitted(lost.proof, by: lost.session) else {
            return .again(.unavailable("the connection to \(driver.place) was lost"))
        }
        return .done(lost.result)
    }

    /// Whether a commit happened whose answer was lost: once the server has done with the session, the journal tells.
    ///
    /// - Throws: `.uncertain` when that can't be found out.
    private func wasCommitted(_ proof: CommitProof?, by session: Int64) throws(StorageFailure) -> Bool {
        guard let proof else { throw .uncertain("the connection to \(driver.place) was lost") }
        let deadline = ContinuousClock.now + Self.lookingFor
        while ContinuousClock.now < deadline {
            let answer: Bool?
            do throws(StorageFailure) {
                answer = try pool.withLink { link throws(StorageFailure) -> Bool? in
                    if try driver.isRunning(session, link) { return nil }
                    return try Self.holds(proof, link)
                }
            } catch .unavailable {
                answer = nil
            } catch {
                throw .uncertain("\(error)")
            }
            if let answer { return answer }
            Pause.microseconds(50_000)
        }
        throw .uncertain("the connection to \(driver.place) was lost")
    }

    private static func holds(_ proof: CommitProof, _ link: Driver.Link) throws(StorageFailure) -> Bool {
        let found = try link.first(
            "SELECT \(SQL.Name("transaction")) FROM \(SQL.Name("_journal")) WHERE \(SQL.Name("id")) = \(.integer(proof.entry))"
        ) { row throws(StorageFailure) in try row.value(0, as: .identifier) }
        return found == .identifier(proof.transaction)
    }

    package func close() async {
        await pool.close()
        presence.close()
    }
}
