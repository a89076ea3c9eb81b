import Foundation

/// Something that a body on an engine's own thread waits for.
final class WrittenFlag: @unchecked Sendable {
    // The condition guards the flag.
    private let condition = NSCondition()
    private var isSet = false

    func set() {
        condition.lock()
        isSet = true
        condition.broadcast()
        condition.unlock()
    }

    func wait() {
        condition.lock()
        while !isSet, condition.wait(until: Date().addingTimeInterval(20)) {}
        condition.unlock()
    }
}
