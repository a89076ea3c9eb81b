import NIOPosix
package import OffstageStorage
import Synchronization

/// The connections to a server: handed to one body at a time on threads of their own, made when all are busy, kept for the
/// next. There are never more than threads.
package final class ConnectionPool<Driver: ServerDriver>: Sendable {
    private let driver: Driver
    /// What is short: reads of a few rows, and writes.
    private let brief: NIOThreadPool
    /// What may take long has a few threads of its own, so that it never keeps all of them.
    private let long: NIOThreadPool
    private let idle = Mutex(Idle())

    private struct Idle: @unchecked Sendable {
        // A connection in here is in nobody's hands; the lock passes it on.
        var links: [Driver.Link] = []
        /// Counts restarts of the server: connections of before are not kept.
        var generation = 0
    }

    package init(_ driver: Driver) {
        self.driver = driver
        let scans = max(1, driver.poolSize / 4)
        brief = NIOThreadPool(numberOfThreads: max(1, driver.poolSize - scans))
        long = NIOThreadPool(numberOfThreads: scans)
        brief.start()
        long.start()
    }

    /// Runs a body on one of the threads.
    package func run<Result: Sendable>(
        _ extent: ReadExtent,
        _ body: @escaping @Sendable () throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result {
        let threads =
            switch extent {
            case .bounded: brief
            case .short, .scan: long
            }
        let outcome: Swift.Result<Result, StorageFailure>
        do {
            outcome = try await threads.runIfActive {
                do throws(StorageFailure) {
                    return .success(try body())
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw .unavailable("the database is closed")
        }
        return try outcome.get()
    }

    /// Runs a body with a connection. What is left of the connection afterwards is kept for the next.
    package func withLink<Result>(
        _ body: (Driver.Link) throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result {
        let (kept, generation) = idle.withLock { ($0.links.popLast(), $0.generation) }
        let link = if let kept { kept } else { try driver.connect() }
        defer { giveBack(link, generation) }
        return try body(link)
    }

    private func giveBack(_ link: Driver.Link, _ generation: Int) {
        guard link.isUsable else {
            // The server went away, so the others are lost as well.
            let lost = idle.withLock { idle in
                defer { idle.links = [] }
                if idle.generation == generation { idle.generation += 1 }
                return idle.links
            }
            for other in lost + [link] { other.close() }
            return
        }
        let isKept = idle.withLock { idle in
            guard idle.generation == generation else { return false }
            idle.links.append(link)
            return true
        }
        if !isKept { link.close() }
    }

    package func close() async {
        try? await brief.shutdownGracefully()
        try? await long.shutdownGracefully()
        let links = idle.withLock { idle in
            defer { idle.links = [] }
            return idle.links
        }
        for link in links { link.close() }
    }
}
