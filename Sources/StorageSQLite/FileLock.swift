import OffstageStorage
import Glibc

/// An exclusive lock between processes, on a file of its own beside the database (flock: it ends with the process,
/// whatever way that ends).
final class FileLock: Sendable {
    private let descriptor: Int32

    init(path: String) throws(StorageFailure) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .unavailable("\(path) can't be opened: \(String(cString: strerror(errno)))")
        }
    }

    deinit { Glibc.close(descriptor) }

    /// Takes the lock when nobody has it.
    func tryLock() -> Bool {
        flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }

    /// Waits for the lock, for a while.
    /// - Returns: false when somebody else had it all that time.
    func lock(within time: Duration) -> Bool {
        if tryLock() { return true }
        let deadline = ContinuousClock.now + time
        while ContinuousClock.now < deadline {
            // The kernel has no wait with a limit; five milliseconds are short beside what the other one is doing.
            var pause = timespec(tv_sec: 0, tv_nsec: 5_000_000)
            nanosleep(&pause, nil)
            if tryLock() { return true }
        }
        return false
    }

    func unlock() {
        _ = flock(descriptor, LOCK_UN)
    }

    /// Leaves a line for people: who holds the lock.
    func note(_ text: String) {
        var text = text + "\n"
        _ = ftruncate(descriptor, 0)
        _ = text.withUTF8 { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    /// What the holder left.
    func noted() -> String {
        var bytes = [UInt8](repeating: 0, count: 200)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 0x0a }, as: UTF8.self)
    }
}
