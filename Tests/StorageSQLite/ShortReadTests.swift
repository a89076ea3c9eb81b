import OffstageSchema
import OffstageStorage
import OffstageStorageSQLite
import Synchronization
import Testing

/// Reads that begin where they are asked for, and go on elsewhere when they turn out to be long.
struct ShortReadTests {
    private static let numbers = TableShape(
        name: "numbers",
        columns: [ColumnShape(name: "number", type: .integer, required: true)],
        indexes: []
    )

    /// Whether each run of a body was a hurried one.
    private final class Runs: Sendable {
        let hurried = Mutex<[Bool]>([])
    }

    private func engine(_ database: TestDatabase) async throws -> SQLiteEngine {
        try await database.open(
            [Self.numbers],
            """
            INSERT INTO "numbers" ("id", "created", "updated", "version", "number")
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
            SELECT printf('00000000-0000-7000-8000-%012d', i), 0, 0, 1, i FROM n
            """
        )
    }

    private func sum(_ engine: SQLiteEngine, below limit: Int, _ runs: Runs) async throws -> Int64 {
        try await engine.read(.short("sum")) { connection throws(StorageFailure) in
            runs.hurried.withLock { $0.append(connection.isHurried) }
            return try connection.first(
                "SELECT sum(\(SQL.Name("number"))) FROM (SELECT \(SQL.Name("number")) FROM \(SQL.Name("numbers")) LIMIT \(.integer(Int64(limit))))"
            ) { $0.integer(0) } ?? 0
        }
    }

    @Test func aShortReadRunsOnce() async throws {
        let engine = try await engine(try TestDatabase())
        // Often enough that steps counted over all runs would stop one of them.
        for _ in 1...500 {
            let runs = Runs()
            #expect(try await sum(engine, below: 20, runs) == 210)
            #expect(runs.hurried.withLock { $0 } == [true])
        }
        await engine.close()
    }

    @Test func aLongOneRunsAgainWithTimeAndIsNotTriedAgainSoon() async throws {
        let engine = try await engine(try TestDatabase())
        for expected in [[true, false], [false], [false]] {
            let runs = Runs()
            #expect(try await sum(engine, below: 20_000, runs) == 200_010_000)
            #expect(runs.hurried.withLock { $0 } == expected)
        }
        await engine.close()
    }

    @Test func aReadThatWantsTimeGetsIt() async throws {
        let engine = try await engine(try TestDatabase())
        for _ in 1...3 {
            let runs = Runs()
            let number = try await engine.read(.short("wants time")) { connection throws(StorageFailure) in
                runs.hurried.withLock { $0.append(connection.isHurried) }
                if connection.isHurried { throw .tooSlow }
                return 7
            }
            #expect(number == 7)
            // It was not long by itself, so it is tried again.
            #expect(runs.hurried.withLock { $0 } == [true, false])
        }
        await engine.close()
    }

    @Test func aFailureIsNotTakenForHaste() async throws {
        let engine = try await engine(try TestDatabase())
        await #expect(throws: StorageFailure.self) {
            try await engine.read(.short("fails")) { _ throws(StorageFailure) -> Int in throw .other("no") }
        }
        #expect(try await sum(engine, below: 20, Runs()) == 210)
        await engine.close()
    }
}
