import OffstageSchema

/// When a mail that could not be sent is tried again.
enum Retries {
    static let attemptsAtMost = 8
    private static let within: Int64 = 48 * 3_600_000
    /// Minutes after each try.
    private static let pauses: [Int64] = [1, 5, 15, 60, 240, 720]

    /// The moment of the next try; nil when there is none any more.
    ///
    /// - Parameters:
    ///   - attempts: tries so far.
    ///   - since: when the mail was added.
    ///   - random: from 0 to 1; a pause is up to a quarter longer or shorter, so that a server that comes back is not met by
    ///     all at once.
    static func next(after attempts: Int, since: Timestamp, now: Timestamp, random: Double) -> Timestamp? {
        guard attempts < attemptsAtMost, now.milliseconds &- since.milliseconds < within, let last = pauses.last else {
            return nil
        }
        let index = max(0, attempts - 1)
        let pause = (index < pauses.count ? pauses[index] : last) * 60_000
        let part = min(max(random, 0), 1) / 2 + 0.75
        return Timestamp(milliseconds: now.milliseconds &+ Int64(Double(pause) * part))
    }
}
