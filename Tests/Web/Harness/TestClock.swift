import OffstageSchema
import Synchronization

/// A clock that stands still until it is moved.
final class TestClock: Sendable {
    private let moment: Mutex<Timestamp>

    /// 2026-11-22T16:50:00.123Z
    init(milliseconds: Int64 = 1_795_366_200_123) {
        moment = Mutex(Timestamp(milliseconds: milliseconds))
    }

    var now: @Sendable () -> Timestamp {
        { self.moment.withLock { $0 } }
    }

    func advance(seconds: Int64) {
        advance(milliseconds: seconds * 1000)
    }

    func advance(milliseconds: Int64) {
        moment.withLock { $0 = Timestamp(milliseconds: $0.milliseconds + milliseconds) }
    }
}
