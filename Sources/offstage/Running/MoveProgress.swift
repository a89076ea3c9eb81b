import Synchronization

/// The bars of a move, one after the other.
final class MoveProgress: Sendable {
    private let current = Mutex<(what: String, bar: ProgressBar)?>(nil)

    func show(_ what: String, _ done: Int, _ all: Int) {
        let bar = current.withLock { current in
            if let current, current.what == what { return current.bar }
            current?.bar.clear()
            let bar = ProgressBar(total: all, label: what)
            current = (what, bar)
            return bar
        }
        bar.show(done)
    }

    func clear() { current.withLock { $0?.bar.clear() } }

    /// A name for one move, that no other has.
    static func token() -> String { String(UInt64.random(in: .min ... .max), radix: 16) }
}
