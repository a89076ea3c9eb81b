import OffstageSchema
package import OffstageStorage
import Synchronization

/// Tells other processes that this one uses the database, over a connection of its own: the shape of a database is changed
/// only while nobody else uses it, so that two with different app files never both run.
package final class Presence<Driver: ServerDriver>: Sendable {
    private let driver: Driver
    private let held = Mutex(Held())

    private struct Held: @unchecked Sendable {
        // Used by whoever has the lock, and by nobody else.
        var link: Driver.Link?
    }

    /// How long another process may take to leave, such as a command that is just ending.
    private static var within: Duration { .seconds(5) }

    init(_ driver: Driver) { self.driver = driver }

    /// Whether the connection is there; without it, others may have changed the database meanwhile.
    package func announce() throws(StorageFailure) {
        try held.withLock { held throws(StorageFailure) in
            if let link = held.link, link.isUsable, (try? link.execute("SELECT 1")) != nil { return }
            held.link?.close()
            held.link = nil
            let link = try driver.connect()
            guard try Self.wait({ () throws(StorageFailure) in try driver.announce(link) }) else {
                link.close()
                throw .unavailable("another offstage is changing the shape of \(driver.place)")
            }
            held.link = link
        }
    }

    /// Runs the body while no other process uses the database.
    func alone<Result>(_ body: () throws(StorageFailure) -> Result) throws(StorageFailure) -> Result {
        try announce()
        return try held.withLock { held throws(StorageFailure) in
            guard let link = held.link else { throw .unavailable("\(driver.place) can't be reached") }
            guard try Self.wait({ () throws(StorageFailure) in try driver.takeOver(link) }) else {
                throw .unavailable("another offstage uses the database; stop it first")
            }
            defer { try? driver.stepBack(link) }
            return try body()
        }
    }

    private static func wait(_ isDone: () throws(StorageFailure) -> Bool) throws(StorageFailure) -> Bool {
        let deadline = ContinuousClock.now + within
        while true {
            if try isDone() { return true }
            guard ContinuousClock.now < deadline else { return false }
            Pause.microseconds(50_000)
        }
    }

    func close() {
        held.withLock { held in
            held.link?.close()
            held.link = nil
        }
    }
}

extension ServerEngine: SequencingEngine {
    package var writes: AsyncStream<Void> { sequencing.rings }

    package func stayPresent(with shapes: [TableShape]) async throws(StorageFailure) {
        try await pool.run(.bounded) { [self] () throws(StorageFailure) in
            try presence.announce()
            let stored = try pool.withLink { link throws(StorageFailure) in
                if let moved = try SystemTables.value(.moved, link) { throw Moving.refusal(moved) }
                return try SystemTables.shapes(driver, link)
            }
            guard stored == shapes else {
                throw .refused(
                    Failure(
                        .conflict,
                        "Another offstage gave \(driver.place) another shape, so this one stops. Start it with the new app file."
                    )
                )
            }
        }
    }
}
