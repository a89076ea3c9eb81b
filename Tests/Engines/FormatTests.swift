import EnginesUnderTest
import OffstageSchema
import OffstageStorage
import Testing

/// A database of an earlier format becomes one of this program's when a plan is applied, and keeps what it holds.
@Suite struct FormatTests {
    private static func format(_ database: any Engine) async throws -> String? {
        try await database.read(.scan) { connection throws(StorageFailure) in
            try connection.first("SELECT \"value\" FROM \"_offstage\" WHERE \"key\" = 'format'") { $0.text(0) }
        }
    }

    /// Makes of a database one as the first format had it.
    private static func takeBack(_ database: any Engine) async throws {
        try await database.write { connection throws(StorageFailure) in
            for table in KeptTable.all { try connection.run("DROP TABLE \(SQL.Name(table: table))") }
            try connection.run("UPDATE \"_offstage\" SET \"value\" = '1' WHERE \"key\" = 'format'")
        }
    }

    /// A database of the first format, with records.
    private static func former(_ place: TestPlace) async throws -> any Engine {
        let database = try await place.open(Kinds.shapes)
        try await Kinds.fill(database)
        try await takeBack(database)
        return database
    }

    private static func expectUpgraded(_ database: any Engine, _ comment: Comment? = nil) async throws {
        #expect(try await format(database) == "2", comment)
        #expect(try await Kinds.stored(database).count == Kinds.rows.count, comment)
        try await KeptRows.fill(database)
        #expect(try await KeptRows.stored(database).allSatisfy { $0.count == KeptRows.count }, comment)
    }

    @Test(arguments: EngineUnderTest.all)
    func aNewDatabaseHasTheCurrentFormat(engine: EngineUnderTest) async throws {
        let place = try TestPlace(engine)
        let database = try await place.open([])
        #expect(try await Self.format(database) == "2")
        #expect(try await KeptRows.stored(database) == Array(repeating: [], count: KeptTable.all.count))
        await database.close()
    }

    @Test(arguments: EngineUnderTest.all, [false, true])
    func aFormerDatabaseIsUpgradedByAnyPlan(engine: EngineUnderTest, isEmpty: Bool) async throws {
        let place = try TestPlace(engine)
        await (try await Self.former(place)).close()
        let database = try place.place.open()
        let more = TableShape(name: "more", columns: [], indexes: [])
        let wanted = isEmpty ? Kinds.shapes : Kinds.shapes + [more]
        let plan = try await database.plan(to: wanted)
        #expect(plan.isEmpty == isEmpty)
        // Planning changes nothing.
        #expect(try await Self.format(database) == "1")
        try await database.apply(plan)
        try await Self.expectUpgraded(database)
        let again = try await database.plan(to: wanted)
        #expect(again.isEmpty && again.stored == wanted)
        await database.close()
    }

    /// An upgrade that loses its connection at any of its definitions, before or after the server did it, comes to its end at
    /// the next start.
    @Test(arguments: EngineUnderTest.servers, [false, true])
    func anUpgradeThatIsCutGoesOn(engine: EngineUnderTest, afterPassingItOn: Bool) async throws {
        var number = 0
        while true {
            let place = try TestPlace(engine)
            await (try await Self.former(place)).close()
            let proxy = try CuttingProxy(to: engine.port)
            let cut = try place.place.through(port: proxy.port).open()
            let plan = try await cut.plan(to: Kinds.shapes)
            proxy.cut(at: "CREATE TABLE", number: number, afterPassingItOn: afterPassingItOn)
            let isDone = (try? await cut.apply(plan)) != nil
            let wasCut = proxy.cuts > 0
            await cut.close()
            proxy.stop()
            #expect(isDone != wasCut, "at \(number)")
            let again = try place.place.open()
            #expect(try await Self.format(again) == (wasCut ? "1" : "2"), "at \(number)")
            try await again.apply(try await again.plan(to: Kinds.shapes))
            try await Self.expectUpgraded(again, "at \(number)")
            await again.close()
            guard wasCut else { break }
            number += 1
        }
        #expect(number == KeptTable.all.count)
    }

    /// What another program made under one of the names is not taken for Offstage's, and nothing is changed.
    @Test(arguments: EngineUnderTest.all.filter { $0 != .mysql })
    func aTableInTheWayIsNamed(engine: EngineUnderTest) async throws {
        let place = try TestPlace(engine)
        let database = try await Self.former(place)
        _ = try await database.write { connection throws(StorageFailure) in
            try connection.run("CREATE TABLE \"_mail\" (\"x\" INTEGER)")
        }
        let plan = try await database.plan(to: Kinds.shapes)
        await #expect {
            try await database.apply(plan)
        } throws: { "\($0)".contains("has a table _mail already") }
        #expect(try await Self.format(database) == "1")
        _ = try await database.write { connection throws(StorageFailure) in try connection.run("DROP TABLE \"_mail\"") }
        try await database.apply(plan)
        try await Self.expectUpgraded(database)
        await database.close()
    }

    @Test(arguments: EngineUnderTest.all)
    func aLaterFormatIsRefused(engine: EngineUnderTest) async throws {
        let place = try TestPlace(engine)
        let database = try await place.open([])
        _ = try await database.write { connection throws(StorageFailure) in
            try connection.run("UPDATE \"_offstage\" SET \"value\" = '3' WHERE \"key\" = 'format'")
        }
        await #expect {
            _ = try await database.plan(to: [])
        } throws: { "\($0)".contains("has format 3") }
        await database.close()
    }

    @Test(arguments: EngineUnderTest.all)
    func aTableThatIsMissingIsNamed(engine: EngineUnderTest) async throws {
        let place = try TestPlace(engine)
        let database = try await place.open([])
        _ = try await database.write { connection throws(StorageFailure) in
            try connection.run("DROP TABLE \"_tickets\"")
        }
        await #expect {
            _ = try await database.plan(to: [])
        } throws: { "\($0)".contains("lacks its table _tickets") }
        await database.close()
    }

    // MARK: Moving

    /// A database of the first format is moved as it is; what it is moved to has the current one.
    @Test(arguments: EngineUnderTest.all, EngineUnderTest.all)
    func aFormerDatabaseIsMoved(from: EngineUnderTest, to: EngineUnderTest) async throws {
        let (old, new) = (try TestPlace(from), try TestPlace(to))
        let source = try await Self.former(old)
        let target = try new.place.open()
        _ = try await Transfer(
            from: try #require(source as? any TransferringEngine),
            to: try #require(target as? any TransferringEngine),
            at: "there"
        ) { _, _, _ in }.run(token: "t")
        #expect(try await Self.format(source) == "1")
        #expect(try await target.plan(to: Kinds.shapes).isEmpty)
        try await Self.expectUpgraded(target)
        for engine in [source, target] { await engine.close() }
    }

    /// A move that an earlier version began goes on with this one.
    @Test(arguments: EngineUnderTest.all)
    func aFormerMoveGoesOn(engine: EngineUnderTest) async throws {
        let (old, new) = (try TestPlace(.sqlite), try TestPlace(engine))
        let source = try await Self.former(old)
        let target = try new.place.open()
        let moving = try #require(source as? any TransferringEngine)
        let filled = try #require(target as? any TransferringEngine)
        try await moving.setMoved(MoveMark(token: "t", place: "there"))
        _ = try await filled.beginFilling(Kinds.shapes, FillingState(token: "t", epoch: "e"))
        try await Self.takeBack(target)
        _ = try await Transfer(from: moving, to: filled, at: "there") { _, _, _ in }.run(token: "other")
        try await Self.expectUpgraded(target)
        for engine in [source, target] { await engine.close() }
    }
}
