import OffstageSchema
import Synchronization

/// How many posts each address has sent to each form within its period.
///
/// Kept in memory and bounded: when there are too many addresses, the older half is forgotten.
package final class PostLimits: Sendable {
    private struct Key: Hashable {
        let form: String
        let address: String
    }

    /// A period, from the first post in it.
    private struct Window {
        let start: Timestamp
        var posts: Int
    }

    private let windows = Mutex<[Key: Window]>([:])
    private let now: @Sendable () -> Timestamp

    private static let keysAtMost = 50_000

    init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }

    /// Counts a post.
    ///
    /// - Returns: nil when it is within the limit, else the seconds until the next one is.
    func count(_ form: Form, from address: String) -> Int? {
        let moment = now()
        let period = Int64(form.limit.period.seconds) * 1000
        let key = Key(form: form.name, address: TrustedProxies.household(of: address))
        return windows.withLock { windows in
            var window = windows[key] ?? Window(start: moment, posts: 0)
            let elapsed = moment.milliseconds - window.start.milliseconds
            // A clock that was set back must not lock anybody out.
            if elapsed >= period || elapsed < 0 { window = Window(start: moment, posts: 0) }
            guard window.posts < form.limit.posts else { return Int((period - max(0, elapsed) + 999) / 1000) }
            window.posts += 1
            windows[key] = window
            if windows.count > Self.keysAtMost { Self.forget(&windows) }
            return nil
        }
    }

    private static func forget(_ windows: inout [Key: Window]) {
        let starts = windows.values.map(\.start).sorted()
        let middle = starts[starts.count / 2]
        windows = windows.filter { $0.value.start > middle }
    }
}
