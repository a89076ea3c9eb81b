import Logging
import OffstageSchema
import OffstageStorage
import ServiceLifecycle

/// Numbers the journal of a database on a server while the app is served, and stops the app when others changed the
/// database's shape.
///
/// Entries of this process are numbered some milliseconds after their commit; those of others are looked for four times a
/// second.
struct Sequencer: Service {
    let engine: any SequencingEngine
    let shapes: [TableShape]
    let logger: Logger

    private static let look: Duration = .milliseconds(250)
    /// Between two rounds, so that one of them numbers the entries of many writes.
    private static let rest: Duration = .milliseconds(15)

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(operation: watch)
            group.addTask(operation: number)
            // Both end with the service; a shape that others changed ends all of it.
            try await group.next()
            group.cancelAll()
        }
    }

    private func number() async throws {
        var isWell = true
        for await _ in engine.writes.cancelOnGracefulShutdown() {
            do {
                try await engine.numberEntries()
                isWell = true
            } catch {
                if Task.isCancelled { return }
                // The server may be away; what waits is numbered when it is back.
                if isWell { logger.error("The journal can't be numbered: \(error)") }
                isWell = false
            }
            try? await Task.sleep(for: Self.rest)
        }
    }

    private func watch() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                try await engine.stayPresent(with: shapes)
                try await engine.numberEntries()
            } catch StorageFailure.refused(let failure) {
                throw Complaint(failure.detail, code: Complaint.faulty)
            } catch {}
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.look) }
        }
    }
}
