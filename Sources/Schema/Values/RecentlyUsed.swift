/// A dictionary of bounded size for what can be made again: what was not asked for lately goes when there is no more room.
///
/// Kept in two generations. A value that is found in the older one moves to the younger; when that one is full, what is
/// left of the older is dropped.
package struct RecentlyUsed<Key: Hashable, Value> {
    private var younger: [Key: Value] = [:]
    private var older: [Key: Value] = [:]
    private let half: Int

    /// - Parameter atMost: entries that are kept, at least 2.
    package init(atMost: Int) {
        half = max(1, atMost / 2)
    }

    package var values: [Value] { Array(younger.values) + Array(older.values) }

    /// The value of a key, which counts as a use.
    ///
    /// - Parameter dropped: takes what had to go.
    package mutating func value(_ key: Key, dropped: ([Value]) -> Void = { _ in }) -> Value? {
        if let value = younger[key] { return value }
        guard let value = older.removeValue(forKey: key) else { return nil }
        insert(value, for: key, dropped: dropped)
        return value
    }

    /// Keeps a value in place of one that the key may have.
    package mutating func keep(_ value: Value, for key: Key, dropped: ([Value]) -> Void = { _ in }) {
        if let former = older.removeValue(forKey: key) { dropped([former]) }
        insert(value, for: key, dropped: dropped)
    }

    private mutating func insert(_ value: Value, for key: Key, dropped: ([Value]) -> Void) {
        if younger.count >= half, younger[key] == nil {
            dropped(Array(older.values))
            older = younger
            younger = [:]
        }
        if let former = younger.updateValue(value, forKey: key) { dropped([former]) }
    }

    package mutating func removeAll() {
        younger = [:]
        older = [:]
    }
}

extension RecentlyUsed: Sendable where Key: Sendable, Value: Sendable {}
