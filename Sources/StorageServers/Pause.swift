import Glibc

/// Waiting on a thread of the engine's own, where nothing wakes it.
package enum Pause {
    /// Before the next try of a transaction that met another one: longer with each, and never as long as the other's.
    package static func beforeTry(_ number: Int) {
        let most = min(2_000 << min(number, 6), 100_000)
        microseconds(Int.random(in: most / 4...most))
    }

    package static func microseconds(_ count: Int) {
        var pause = timespec(tv_sec: count / 1_000_000, tv_nsec: count % 1_000_000 * 1000)
        nanosleep(&pause, nil)
    }
}
