import Synchronization

/// A bar on the terminal for what takes long; nothing where nobody watches.
final class ProgressBar: Sendable {
    private struct State {
        var shown: ContinuousClock.Instant?
        var isVisible = false
    }

    private let total: Int
    private let label: String
    private let state = Mutex(State())

    private static let width = 30

    /// - Parameter total: bytes in all.
    init(total: Int, label: String) {
        self.total = total
        self.label = label
    }

    /// Draws the bar, at most ten times a second.
    func show(_ done: Int) {
        guard Terminal.errorsAreSeen, total > 0 else { return }
        let isDue = state.withLock { state in
            let now = ContinuousClock.now
            if let shown = state.shown, now - shown < .milliseconds(100) { return false }
            state.shown = now
            state.isVisible = true
            return true
        }
        guard isDue else { return }
        let filled = min(Self.width, done * Self.width / total)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        Terminal.write("\r\(label) [\(bar)] \(min(100, done * 100 / total)) %", to: 2)
    }

    func clear() {
        guard state.withLock({ $0.isVisible }) else { return }
        Terminal.write("\r\u{1b}[K", to: 2)
    }
}
