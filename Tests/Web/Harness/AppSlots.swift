import EnginesUnderTest
import Synchronization

/// Bounds how many apps are served at once: each has threads and open files of its own, and all tests start together.
final class AppSlots: Sendable {
    /// On a server each app has sessions there as well, which share the same cores.
    static let shared = AppSlots(count: EngineUnderTest.chosen == .sqlite ? 8 : 4)

    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(State(free: count))
    }

    func hold(_ body: () async throws -> Void) async throws {
        await take()
        defer { giveBack() }
        try await body()
    }

    private func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func giveBack() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
