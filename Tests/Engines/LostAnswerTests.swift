import EnginesUnderTest
import OffstageSchema
import OffstageStorage
import Testing

/// A server that goes away in the middle: no answered write is lost, none happens twice, and all goes on when it is back.
@Suite struct LostAnswerTests {
    private static func insert(_ number: Int, _ engine: any Engine) async throws {
        let transaction = Kinds.id(5000 + number)
        try await engine.write { connection throws(StorageFailure) in
            try connection.run(
                """
                INSERT INTO \(SQL.Name(table: Kinds.owners)) ("id", "created", "updated", "version", "label")
                VALUES (\(.identifier(Kinds.id(number))), \(.datetime(.earliest)), \(.datetime(.latest)), \(.integer(1)), \(.text("x")))
                """
            )
            let entry: SQL = """
                INSERT INTO "_journal" ("transaction", "at", "actor", "collection", "record", "version", "kind", "before", "after")
                VALUES (\(.identifier(transaction)), \(.datetime(.latest)), \(.text("test")), \(.text("owners")),
                \(.identifier(Kinds.id(number))), \(.integer(1)), 'created', \(.null), \(.null))
                """
            try connection.appendToJournal(connection.dialect.render(entry), of: transaction)
        }
    }

    private static func count(_ engine: any Engine) async throws -> Int64? {
        try await engine.read(.scan) { connection throws(StorageFailure) in
            try connection.first("SELECT count(*) FROM \(SQL.Name(table: Kinds.owners))") { $0.integer(0) }
        }
    }

    /// The commit reaches the server, or does not, and its answer never comes: the write is answered, and is there once.
    @Test(arguments: EngineUnderTest.servers, [true, false])
    func aCommitWhoseAnswerIsLostIsLookedUp(engine: EngineUnderTest, reachesTheServer: Bool) async throws {
        let place = try TestPlace(engine)
        let direct = try await place.open([Kinds.owners])
        let proxy = try CuttingProxy(to: engine.port)
        let database = try place.place.through(port: proxy.port).open()
        try await Self.insert(1, database)
        proxy.cutNextCommit(afterPassingItOn: reachesTheServer)
        try await Self.insert(2, database)
        #expect(proxy.cuts == 1)
        #expect(try await Self.count(direct) == 2)
        await database.close()
        await direct.close()
        proxy.stop()
    }

    @Test(arguments: EngineUnderTest.servers)
    func aServerThatComesBackIsUsedAgain(engine: EngineUnderTest) async throws {
        let place = try TestPlace(engine)
        let direct = try await place.open([Kinds.owners])
        let proxy = try CuttingProxy(to: engine.port)
        let database = try place.place.through(port: proxy.port).open()
        try await Self.insert(1, database)
        #expect(try await Self.count(database) == 1)
        proxy.goAway()
        await #expect {
            try await Self.insert(2, database)
        } throws: { error in
            if case StorageFailure.unavailable = error { true } else { false }
        }
        await #expect(throws: StorageFailure.self) { _ = try await Self.count(database) }
        proxy.comeBack()
        try await Self.insert(3, database)
        #expect(try await Self.count(database) == 2)
        await database.close()
        await direct.close()
        proxy.stop()
    }
}
