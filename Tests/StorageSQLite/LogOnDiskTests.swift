import Glibc
import OffstageSchema
import OffstageStorage
import Testing

@testable import OffstageStorageSQLite

/// What `script/torture` shows with a disk that loses writes, as far as that can be seen without one.
struct LogOnDiskTests {
    @Test func theLogStaysAsItIs() async throws {
        let database = try TestDatabase()
        let log = database.path + "-wal"
        // Longer than what is read at once, and not a multiple of it.
        let bytes = (0..<1_500_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try #require(write(bytes, to: log))
        try LogOnDisk.secure(of: database.path)
        let isSame = read(log) == bytes
        #expect(isSame)
    }

    @Test func aDatabaseWithoutALogIsLeftAlone() throws {
        let database = try TestDatabase()
        try LogOnDisk.secure(of: database.path + ".none")
        #expect(access(database.path + ".none-wal", F_OK) != 0)
    }

    @Test func aLogThatCannotBeReadIsSaid() throws {
        let database = try TestDatabase()
        let path = database.path + ".folder"
        try #require(mkdir(path + "-wal", 0o700) == 0)
        #expect(throws: StorageFailure.self) { try LogOnDisk.secure(of: path) }
    }

    private func write(_ bytes: [UInt8], to path: String) -> Bool {
        guard let file = fopen(path, "w") else { return false }
        defer { fclose(file) }
        return fwrite(bytes, 1, bytes.count, file) == bytes.count
    }

    private func read(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 2_000_000)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }
}
