package import NIOCore

/// The times that a connection has: for what is awaited from the other side, and for the other side to read.
///
/// A timer for each request would cost as much as reading a record. So one stands while the connection does, looks at the
/// deadline when it wakes, and a request only moves the deadline.
final class Deadlines {
    private let loop: any EventLoop
    /// What happens when the other side is too late.
    private let isLate: () -> Void
    /// What happens when it has not read for too long.
    private let isStalled: () -> Void
    private var deadline: NIODeadline?
    private var watch: Scheduled<Void>?
    private var wakes: NIODeadline?
    private var stall: Scheduled<Void>?

    init(_ loop: any EventLoop, isLate: @escaping () -> Void, isStalled: @escaping () -> Void) {
        self.loop = loop
        self.isLate = isLate
        self.isStalled = isStalled
    }

    /// Something must come from the other side within the time; whatever was awaited before is not any more.
    func await(within time: TimeAmount) {
        let moment = NIODeadline.now() + time
        deadline = moment
        // A timer that wakes earlier looks again; one that would wake too late is of no use.
        if let wakes, wakes <= moment { return }
        wake(at: moment)
    }

    func awaitNothing() {
        deadline = nil
    }

    /// The other side must read within the time; nil when it has.
    func reader(within time: TimeAmount?) {
        stall?.cancel()
        stall = time.map { time in
            loop.assumeIsolated().scheduleTask(in: time) { [weak self] in self?.isStalled() }
        }
    }

    func cancel() {
        watch?.cancel()
        stall?.cancel()
        watch = nil
        stall = nil
        wakes = nil
        deadline = nil
    }

    private func wake(at moment: NIODeadline) {
        watch?.cancel()
        wakes = moment
        watch = loop.assumeIsolated().scheduleTask(deadline: moment) { [weak self] in self?.look() }
    }

    private func look() {
        wakes = nil
        guard let deadline else { return }
        guard deadline <= .now() else { return wake(at: deadline) }
        self.deadline = nil
        isLate()
    }
}

/// How long a connection may take for what.
package struct ConnectionTimes: Sendable {
    /// To send a request, or a further part of a large one.
    package var request: TimeAmount = .seconds(30)
    /// Between two requests.
    package var idle: TimeAmount = .seconds(75)
    /// Without reading anything of an answer that waits.
    package var reader: TimeAmount = .seconds(60)

    package init() {}
}
