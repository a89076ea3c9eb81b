import Glibc
import OffstageStorage

/// Brings the write-ahead log onto the disk before anybody reads it.
///
/// What an ended process wrote and did not sync can be read, and is a commit to SQLite, which then answers for it; a power
/// cut would take it. And after a failed sync Linux takes the pages that could not be written for clean, so that no later
/// sync writes them: a commit behind such a hole is lost with it. Writing the same bytes again makes all of them wait for
/// the sync that follows.
enum LogOnDisk {
    private static let bytesAtOnce = 1_048_576

    /// - Parameter path: of the database. Nobody else may write to it meanwhile.
    /// - Throws: `.unavailable` when the log can't be read, written or synced.
    static func secure(of path: String) throws(StorageFailure) {
        let name = path + "-wal"
        let file = open(name, O_RDWR | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return }
            throw failure(name)
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: bytesAtOnce)
        var offset = 0
        while true {
            let count = pread(file, &bytes, bytes.count, offset)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(name) }
            guard count > 0 else { break }
            try write(bytes[..<count], to: file, at: offset, name)
            offset += count
        }
        guard offset == 0 || fsync(file) == 0 else { throw failure(name) }
    }

    private static func write(
        _ bytes: ArraySlice<UInt8>,
        to file: Int32,
        at offset: Int,
        _ name: String
    ) throws(StorageFailure) {
        var done = 0
        while done < bytes.count {
            let count = bytes.dropFirst(done).withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, offset + done) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(name) }
            done += count
        }
    }

    private static func failure(_ name: String) -> StorageFailure {
        let code = errno
        return code == ENOSPC
            ? .full : .unavailable("\(name) can't be brought onto the disk: \(String(cString: strerror(code)))")
    }
}
