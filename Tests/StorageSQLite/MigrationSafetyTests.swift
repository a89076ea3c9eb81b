import Foundation
import OffstageSchema
import OffstageStorage
import OffstageStorageSQLite
import Testing

/// All or nothing, by the right process, on the data that was looked at.
@Suite struct MigrationSafetyTests {
    private let before = [table("a", column("x", .text)), table("b", column("y", .text))]
    private let after = [
        table("a", column("x", .text, required: true), column("added", .integer)),
        table("b", column("y", .text, required: true), indexes: [["y"]]),
        table("c"),
    ]

    private func open(_ database: TestDatabase) async throws -> SQLiteEngine {
        try await database.open(before, record("a", 1, ["x"], .text("one")), record("b", 2, ["y"], .text("two")))
    }

    @Test func aNewDatabaseHasItsOwnTablesAndMark() async throws {
        let database = try TestDatabase()
        let engine = try database.open()
        #expect(try await engine.storedShapes() == nil)
        let plan = try await engine.plan(to: [])
        #expect(plan.isEmpty)
        try await engine.apply(plan)
        #expect(try await engine.storedShapes() == [])
        #expect(try await engine.texts("PRAGMA application_id") == ["1332110963"])
        let tables = try await engine.texts("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")
        let own = ["_answers", "_aside", "_journal", "_offstage", "sqlite_sequence"] + KeptTable.all.map(\.name)
        #expect(tables == own.sorted())
        let epoch = try await engine.texts("SELECT \"value\" FROM \"_offstage\" WHERE \"key\" = 'epoch'")
        #expect(epoch.first?.count == 32)
        #expect(try await engine.texts("SELECT \"value\" FROM \"_offstage\" WHERE \"key\" = 'format'") == ["2"])
    }

    @Test func theSamePlanTwiceIsDoneOnce() async throws {
        let database = try TestDatabase()
        let engine = try await open(database)
        let plan = try await engine.plan(to: after)
        try await engine.apply(plan)
        let once = try await engine.everything(after)
        try await engine.apply(plan)
        #expect(try await engine.everything(after) == once)
        #expect(try await engine.plan(to: after).isEmpty)
    }

    @Test func aFailureInTheMiddleLeavesEverythingAsItWas() async throws {
        let database = try TestDatabase()
        let engine = try await open(database)
        let plan = try await engine.plan(to: after)
        // In the way of the second rebuild, after the first one and the new table.
        try await engine.run(["CREATE TABLE \"_rebuilt_b\" (\"x\" TEXT)"])
        let untouched = try await engine.everything(before)
        await #expect(throws: StorageFailure.self) { try await engine.apply(plan) }
        #expect(try await engine.everything(before) == untouched)
        // References are enforced again, and the writer goes on.
        #expect(
            try await engine.write { connection throws(StorageFailure) in
                try connection.first(Statement(text: "PRAGMA foreign_keys")) { $0.integer(0) }
            } == 1
        )
        try await engine.run(["DROP TABLE \"_rebuilt_b\""])
        try await engine.apply(plan)
        #expect(try await engine.texts("SELECT \"x\" FROM \"a\"") == ["one"])
    }

    @Test func aReferenceToNothingAtTheEndTakesAllBack() async throws {
        let database = try TestDatabase()
        let engine = try await open(database)
        let broken = table("a", column("x", .text), column("link", .identifier, to: "b", defaultValue: "\"\(id(9))\""))
        let untouched = try await engine.everything(before)
        await #expect { try await engine.migrate(to: [broken, before[1]]) } throws: {
            isRefusal($0, saying: "records of a refer to records of b")
        }
        #expect(try await engine.everything(before) == untouched)
    }

    @Test func onlyTheOwnerApplies() async throws {
        let database = try TestDatabase()
        let owner = try await open(database)
        let other = try database.open()
        let plan = try await other.plan(to: after)
        #expect(!plan.isEmpty)
        await #expect { try await other.apply(plan) } throws: { error in
            guard case StorageFailure.unavailable(let reason) = error else { return false }
            return reason == "a server is running (process \(getpid())); stop it first"
        }
        #expect(try await owner.storedShapes() == before)
    }

    @Test func aPlanOfOtherDataIsNotApplied() async throws {
        let database = try TestDatabase()
        let engine = try await open(database)
        let plan = try await engine.plan(to: [before[0], table("b")])
        try await engine.run([record("b", 5, ["y"], .text("late"))])
        await #expect { try await engine.apply(plan, allowLoss: true) } throws: {
            isRefusal($0, saying: "Make the plan again")
        }
        #expect(try await engine.texts("SELECT count(*) FROM \"b\"") == ["2"])
    }

    @Test func readersAndWritersGoOnAcrossAMigration() async throws {
        let database = try TestDatabase()
        let engine = try await open(database)
        let read: SQL = "SELECT \"x\" FROM \"a\" WHERE \"id\" = \(.identifier(id(1)))"
        let update: SQL = "UPDATE \"a\" SET \"x\" = \(.text("changed")) WHERE \"id\" = \(.identifier(id(1)))"
        #expect(try await engine.texts(read) == ["one"])
        try await engine.run([update])
        try await engine.migrate(to: after)
        try await engine.run([update])
        #expect(try await engine.texts(read) == ["changed"])
        #expect(try await engine.texts("SELECT count(*) FROM \"c\"") == ["0"])
    }

    @Test func writesDuringAMigrationWaitAndAreKept() async throws {
        let database = try TestDatabase()
        let engine = try await open(database)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 10..<60 {
                group.addTask { try await engine.run([record("a", number, ["x"], .text("late"))]) }
            }
            group.addTask { [after] in try await engine.migrate(to: after) }
            try await group.waitForAll()
        }
        #expect(try await engine.texts("SELECT count(*) FROM \"a\"") == ["51"])
    }

    @Test func aLaterFormatIsRefused() async throws {
        let database = try TestDatabase()
        let engine = try await open(database)
        try await engine.run(["UPDATE \"_offstage\" SET \"value\" = '3' WHERE \"key\" = 'format'"])
        await #expect { try await engine.plan(to: after) } throws: { isRefusal($0, saying: "has format 3") }
    }

    @Test(
        arguments: [
            ("DROP TABLE \"b\"", "the table b"),
            ("ALTER TABLE \"a\" DROP COLUMN \"x\"", "the column a.x"),
            ("DROP TABLE \"_journal\"", "_journal"),
            ("DROP TABLE \"_mail\"", "_mail"),
            ("DELETE FROM \"_offstage\" WHERE \"key\" = 'format'", "its format"),
            ("DELETE FROM \"_offstage\" WHERE \"key\" = 'shapes'", "which tables it holds"),
            ("UPDATE \"_offstage\" SET \"value\" = 'x' WHERE \"key\" = 'shapes'", "can't be read"),
        ] as [(SQL, String)]
    )
    func whatAnotherProgramTookAwayIsNamed(statement: SQL, words: String) async throws {
        let database = try TestDatabase()
        let engine = try await open(database)
        try await engine.run([statement])
        await #expect { try await engine.plan(to: before) } throws: { error in
            guard case StorageFailure.damaged(let reason) = error else { return false }
            return reason.contains(words)
        }
    }

    @Test(
        arguments: [
            ("ALTER TABLE \"a\" ADD COLUMN \"theirs\" TEXT", "the column theirs"),
            ("CREATE TRIGGER theirs AFTER INSERT ON \"a\" BEGIN SELECT 1; END", "the trigger theirs"),
            ("CREATE TABLE \"c\" (\"theirs\" TEXT)", "has a table c already"),
        ] as [(SQL, String)]
    )
    func whatAnotherProgramAddedIsNotLost(statement: SQL, words: String) async throws {
        let database = try TestDatabase()
        let engine = try await open(database)
        try await engine.run([statement])
        await #expect { try await engine.migrate(to: after) } throws: { isRefusal($0, saying: words) }
        #expect(try await engine.storedShapes() == before)
    }
}
