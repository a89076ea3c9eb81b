import Synchronization

/// Wakes the sequencer of this process. Nothing depends on it: entries of other processes are found by looking.
package final class SequencerBell: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    package init() {
        (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    func ring() { continuation.yield() }

    /// One element for the rings since the one before.
    package var rings: AsyncStream<Void> { stream }
}
