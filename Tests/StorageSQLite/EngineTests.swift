import Foundation
import OffstageSchema
import OffstageStorage
import OffstageStorageSQLite
import Testing

@Suite struct EngineTests {
    private let notes = table("notes", column("text", .text, unique: true))

    @Test func whatIsWrittenIsReadByBothWays() async throws {
        let database = try TestDatabase()
        let engine = try await database.open([notes], record("notes", 1, ["text"], .text("héllo")))
        for extent in [ReadExtent.bounded, .scan] {
            let text = try await engine.read(extent) { connection throws(StorageFailure) in
                try connection.first("SELECT \"text\" FROM \"notes\"") { $0.text(0) }
            }
            #expect(text == "héllo")
        }
        await engine.close()
    }

    @Test func itIsThereAfterOpeningAgain() async throws {
        let database = try TestDatabase()
        let first = try await database.open([notes], record("notes", 1, ["text"], .text("kept")))
        await first.close()
        let second = try database.open()
        #expect(try await second.texts("SELECT \"text\" FROM \"notes\"") == ["kept"])
    }

    @Test func twoHundredWritesAtOnceAreAllKept() async throws {
        let database = try TestDatabase()
        let engine = try await database.open([notes])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask { try await engine.run([record("notes", number, ["text"], .text("note \(number)"))]) }
            }
            try await group.waitForAll()
        }
        #expect(try await engine.texts("SELECT count(*) FROM \"notes\"") == ["200"])
    }

    @Test func aWriteThatFailsTakesBackItsOwnPartAlone() async throws {
        let database = try TestDatabase()
        let engine = try await database.open([notes])
        // All at once, so that they share transactions; every fourth writes a row and then one that is taken.
        let failures = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<80 {
                group.addTask {
                    do {
                        var rows = [record("notes", number, ["text"], .text("note \(number)"))]
                        if number % 4 == 0 {
                            rows.append(record("notes", 1000 + number, ["text"], .text("note \(number)")))
                        }
                        try await engine.run(rows)
                        return false
                    } catch StorageFailure.unique(let columns) {
                        return columns == ["text"]
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(failures == 20)
        #expect(try await engine.texts("SELECT count(*) FROM \"notes\"") == ["60"])
    }

    @Test func failuresAreTold() async throws {
        let database = try TestDatabase()
        let engine = try await database.open([
            notes, table("answers", column("note", .identifier, required: true, to: "notes")),
        ])
        await #expect { try await engine.run([record("answers", 1)]) } throws: { error in
            if case StorageFailure.required(column: "note") = error { true } else { false }
        }
        await #expect { try await engine.run([record("answers", 1, ["note"], .identifier(id(9)))]) } throws: { error in
            if case StorageFailure.reference = error { true } else { false }
        }
    }

    @Test func anotherProgramsDatabaseIsNotTouched() async throws {
        let database = try TestDatabase()
        let bytes = try await foreignDatabase(at: database.path)
        #expect {
            _ = try database.open()
        } throws: { error in
            if case StorageFailure.refused(let failure) = error {
                failure.detail.contains("not touched")
            } else {
                false
            }
        }
        #expect(try Data(contentsOf: URL(filePath: database.path)) == bytes)
        let permissions = try FileManager.default.attributesOfItem(atPath: database.path)[.posixPermissions] as? Int
        #expect(permissions == 0o644)
    }

    @Test(arguments: [
        "this is no database, but long enough to look like one at first sight, or so it hopes to be",
        String(repeating: "x", count: 10_000),
    ])
    func aFileThatIsNoDatabaseIsDamaged(text: String) throws {
        let database = try TestDatabase()
        try Data(text.utf8).write(to: URL(filePath: database.path))
        #expect {
            _ = try database.open()
        } throws: { error in
            if case StorageFailure.damaged = error { true } else { false }
        }
        #expect(try Data(contentsOf: URL(filePath: database.path)) == Data(text.utf8))
    }

    @Test func onlyTheFirstWhoOpensOwnsIt() async throws {
        let database = try TestDatabase()
        let first = try await database.open([notes])
        let second = try database.open()
        #expect(first.isOwner)
        #expect(!second.isOwner)
        #expect(second.owner == "process \(getpid())")
        try await second.run([record("notes", 1, ["text"], .text("beside"))])
        #expect(try await first.texts("SELECT \"text\" FROM \"notes\"") == ["beside"])
    }

    /// A database with tables and no mark of Offstage, with SQLite's own rollback journal: made here, then its header
    /// changed (sqlite.org/fileformat.html, section 1.3).
    private func foreignDatabase(at path: String) async throws -> Data {
        let made = try TestDatabase()
        let engine = try await made.open([notes])
        await engine.close()
        var bytes = try Data(contentsOf: URL(filePath: made.path))
        bytes.replaceSubrange(18..<20, with: [1, 1])
        bytes.replaceSubrange(68..<72, with: [0, 0, 0, 0])
        #expect(FileManager.default.createFile(atPath: path, contents: bytes, attributes: [.posixPermissions: 0o644]))
        return bytes
    }
}
