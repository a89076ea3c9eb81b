import OffstageSchema
import Synchronization

/// How many posts each address has sent to each form within its period.
///
/// Kept in memory and bounded: when there are too many addresses, the ones that have been quiet longest are forgotten.
package final class PostLimits: Sendable {
    private struct Key: Hashable {
        let form: String
        let address: String
    }

    private let posts = Mutex<[Key: [Timestamp]]>([:])
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
        let key = Key(form: form.name, address: address)
        return posts.withLock { posts in
            let recent = posts[key, default: []].filter { moment.milliseconds - $0.milliseconds < period }
            if recent.count >= form.limit.posts, let oldest = recent.first {
                posts[key] = recent
                return Int((period - (moment.milliseconds - oldest.milliseconds) + 999) / 1000)
            }
            posts[key] = recent + [moment]
            if posts.count > Self.keysAtMost { Self.forget(&posts) }
            return nil
        }
    }

    private static func forget(_ posts: inout [Key: [Timestamp]]) {
        let latest = posts.values.compactMap(\.last).sorted()
        guard !latest.isEmpty else { return }
        let middle = latest[latest.count / 2]
        posts = posts.filter { _, moments in moments.last.map { $0 > middle } ?? false }
    }
}
