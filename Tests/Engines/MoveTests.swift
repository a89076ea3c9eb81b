import EnginesUnderTest
import OffstageSchema
import OffstageStorage
import Synchronization
import Testing

/// Everything goes from one engine to another and comes back the same.
@Suite struct MoveTests {
    @Test func aRoundTripOverAllEnginesLosesNothing() async throws {
        let route = EngineUnderTest.all + [.sqlite]
        let places = try route.map(TestPlace.init)
        var database = try await places[0].open(Kinds.shapes)
        try await Kinds.fill(database)
        try await KeptRows.fill(database)
        let before = try await Kinds.stored(database)
        let kept = try await KeptRows.stored(database)
        for place in places.dropFirst() {
            let next = try place.place.open()
            let source = try #require(database as? any TransferringEngine)
            let target = try #require(next as? any TransferringEngine)
            let outcomes = try await Transfer(from: source, to: target, at: place.place.url) { _, _, _ in }.run(
                token: "t"
            )
            #expect(outcomes.first { $0.table.name == "things" }?.rows == Kinds.rows.count)
            for table in KeptTable.all {
                #expect(outcomes.first { $0.table.name == table.name }?.rows == KeptRows.count, "\(table.name)")
            }
            // The one that is left refuses to be used.
            await #expect(throws: StorageFailure.self) { _ = try await database.plan(to: Kinds.shapes) }
            await database.close()
            database = next
            #expect(try await database.plan(to: Kinds.shapes).isEmpty)
        }
        #expect(try await Kinds.stored(database) == before)
        #expect(try await KeptRows.stored(database) == kept)
        await database.close()
    }

    /// A move that was killed goes on where it was, and one to another database is refused.
    @Test(arguments: EngineUnderTest.all)
    func anInterruptedMoveGoesOn(engine: EngineUnderTest) async throws {
        let (from, to, other) = (try TestPlace(.sqlite), try TestPlace(engine), try TestPlace(.sqlite))
        let source = try await from.open(Kinds.shapes)
        try await Kinds.fill(source)
        let target = try to.place.open()
        let moving = try #require(source as? any TransferringEngine)
        let filled = try #require(target as? any TransferringEngine)
        let interrupted = Interrupted(filled, after: 1)
        await #expect(throws: StorageFailure.self) {
            _ = try await Transfer(from: moving, to: interrupted, at: "there") { _, _, _ in }.run(token: "one")
        }
        let elsewhere = try #require(try other.place.open() as? any TransferringEngine)
        await #expect(throws: StorageFailure.self) {
            _ = try await Transfer(from: moving, to: elsewhere, at: "elsewhere") { _, _, _ in }.run(token: "two")
        }
        // The database that is half full is not to be used either.
        await #expect(throws: StorageFailure.self) { _ = try await target.plan(to: Kinds.shapes) }
        _ = try await Transfer(from: moving, to: filled, at: "there") { _, _, _ in }.run(token: "three")
        #expect(try await Kinds.stored(target) == Kinds.stored(source))
        for engine in [source, target, elsewhere] { await engine.close() }
    }

    /// A difference between the two is found.
    @Test func whatDiffersIsTold() async throws {
        let (from, to) = (try TestPlace(.sqlite), try TestPlace(.sqlite))
        let source = try await from.open(Kinds.shapes)
        try await Kinds.fill(source)
        let target = try to.place.open()
        let moving = try #require(source as? any TransferringEngine)
        let filled = try #require(target as? any TransferringEngine)
        let spoiling = Interrupted(filled, after: .max) { connection throws(StorageFailure) in
            try connection.run("UPDATE \(SQL.Name(table: Kinds.table)) SET \"count\" = 5 WHERE \"count\" IS NULL")
        }
        await #expect {
            _ = try await Transfer(from: moving, to: spoiling, at: "there") { _, _, _ in }.run(token: "one")
        } throws: { "\($0)".contains("things differs") }
        for engine in [source, target] { await engine.close() }
    }
}

/// A target that fails after some batches, as a killed process does, or spoils what came.
private final class Interrupted: TransferringEngine {
    private let engine: any TransferringEngine
    private let batches: Mutex<Int>
    private let spoil: @Sendable (any Connection) throws(StorageFailure) -> Void

    init(
        _ engine: any TransferringEngine,
        after count: Int,
        spoil: @escaping @Sendable (any Connection) throws(StorageFailure) -> Void = { _ in }
    ) {
        self.engine = engine
        batches = Mutex(count)
        self.spoil = spoil
    }

    func fill(
        _ state: FillingState,
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Void
    ) async throws(StorageFailure) {
        let left = batches.withLock { left in
            defer { if left < .max { left -= 1 } }
            return left
        }
        guard left > 0 else { throw .other("killed") }
        let spoil = spoil
        try await engine.fill(state) { connection throws(StorageFailure) in
            try body(connection)
            try spoil(connection)
        }
    }

    var dialect: any Dialect { engine.dialect }
    var isOwner: Bool { engine.isOwner }
    var owner: String { engine.owner }
    func read<R: Sendable>(
        _ extent: ReadExtent,
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> R
    ) async throws(StorageFailure) -> R { try await engine.read(extent, body) }
    func write<R: Sendable>(
        _ extent: WriteExtent,
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> R
    ) async throws(StorageFailure) -> R { try await engine.write(extent, body) }
    func readUnlimited<R: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> R
    ) async throws(StorageFailure) -> R { try await engine.readUnlimited(body) }
    func plan(to shapes: [TableShape]) async throws(StorageFailure) -> MigrationPlan {
        try await engine.plan(to: shapes)
    }
    func apply(_ plan: MigrationPlan, allowLoss: Bool) async throws(StorageFailure) {
        try await engine.apply(plan, allowLoss: allowLoss)
    }
    func close() async { await engine.close() }
    func shapes() async throws(StorageFailure) -> [TableShape]? { try await engine.shapes() }
    func moved() async throws(StorageFailure) -> MoveMark? { try await engine.moved() }
    func setMoved(_ mark: MoveMark?) async throws(StorageFailure) { try await engine.setMoved(mark) }
    func completeJournal() async throws(StorageFailure) { try await engine.completeJournal() }
    func beginFilling(_ shapes: [TableShape], _ state: FillingState) async throws(StorageFailure) -> FillingState {
        try await engine.beginFilling(shapes, state)
    }
    func endFilling(_ shapes: [TableShape]) async throws(StorageFailure) { try await engine.endFilling(shapes) }
}
