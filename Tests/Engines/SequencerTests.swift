import EnginesUnderTest
import OffstageSchema
import OffstageStorage
import Synchronization
import Testing

/// Entries of the journal get their positions after their commit. Writers sleep now and then before theirs, so that later
/// entries overtake earlier ones: a reader that went by the numbers of the entries would miss those.
@Suite struct SequencerTests {
    private static let writers = 12
    private static let writesEach = 60

    @Test(arguments: EngineUnderTest.servers)
    func noEntryIsMissedRepeatedOrOutOfOrder(engine: EngineUnderTest) async throws {
        let place = try TestPlace(engine)
        let shapes = [Kinds.owners]
        let first = try await place.open(shapes)
        let second = try await place.open(shapes)
        let reader = Reader()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for engine in [first, second] {
                group.addTask {
                    let sequencer = try #require(engine as? any SequencingEngine)
                    while reader.isReading { try await sequencer.numberEntries() }
                    try await sequencer.numberEntries()
                }
            }
            group.addTask {
                while reader.isReading { try await reader.poll(first) }
            }
            try await withThrowingTaskGroup(of: Void.self) { writers in
                for writer in 0..<Self.writers {
                    writers.addTask { try await Self.write(writer, writer % 2 == 0 ? first : second, engine) }
                }
                try await writers.waitForAll()
            }
            reader.stop()
            try await group.waitForAll()
        }
        try await reader.poll(first)
        let entries = reader.entries
        #expect(entries.map(\.position) == Array(1...Int64(Self.writers * Self.writesEach)))
        #expect(Set(entries.map(\.transaction)).count == Self.writers * Self.writesEach)
        for writer in 0..<Self.writers {
            #expect(
                entries.filter { $0.record == Kinds.id(writer) }.map(\.version) == Array(1...Int64(Self.writesEach))
            )
        }
        let missed = Self.writers * Self.writesEach - reader.naiveCount
        print("\(engine): a reader by the entries' own numbers would have missed \(missed) of \(entries.count)")
        await first.close()
        await second.close()
    }

    private static func write(_ writer: Int, _ engine: any Engine, _ kind: EngineUnderTest) async throws {
        for version in 1...writesEach {
            let transaction = Kinds.id(1000 + writer * writesEach + version)
            let sleeps = (writer * 7 + version) % 50 == 0
            try await engine.write { connection throws(StorageFailure) in
                let entry: SQL = """
                    INSERT INTO "_journal" ("transaction", "at", "actor", "collection", "record", "version", "kind", "before", "after")
                    VALUES (\(.identifier(transaction)), \(.datetime(.latest)), \(.text("test")), \(.text("owners")),
                    \(.identifier(Kinds.id(writer))), \(.integer(Int64(version))), 'updated', \(.null), \(.null))
                    """
                try connection.appendToJournal(connection.dialect.render(entry), of: transaction)
                if sleeps { _ = try connection.first(kind.sleeping) { _ in true } }
            }
        }
    }
}

/// Reads what comes after the last position, again and again; and what comes after the last id, as a comparison.
private final class Reader: Sendable {
    struct Entry {
        let position: Int64
        let transaction: Identifier
        let record: Identifier
        let version: Int64
    }

    private struct State {
        var entries: [Entry] = []
        var ids: [Int64] = []
        var isReading = true
    }

    private let state = Mutex(State())

    var isReading: Bool { state.withLock(\.isReading) }
    var entries: [Entry] { state.withLock(\.entries) }
    var naiveCount: Int { state.withLock(\.ids.count) }

    func stop() { state.withLock { $0.isReading = false } }

    func poll(_ engine: any Engine) async throws {
        let last = entries.last?.position ?? 0
        let found = try await engine.read(.scan) { connection throws(StorageFailure) in
            try connection.all(
                """
                SELECT "position", "transaction", "record", "version" FROM "_journal" WHERE "position" > \(.integer(last))
                ORDER BY "position"
                """
            ) { row throws(StorageFailure) -> Entry? in
                guard case .identifier(let transaction) = try row.value(1, as: .identifier),
                    case .identifier(let record) = try row.value(2, as: .identifier)
                else { return nil }
                return Entry(
                    position: row.integer(0),
                    transaction: transaction,
                    record: record,
                    version: row.integer(3)
                )
            }
        }
        let id = state.withLock { $0.ids.last ?? 0 }
        let ids = try await engine.read(.scan) { connection throws(StorageFailure) in
            try connection.all("SELECT \"id\" FROM \"_journal\" WHERE \"id\" > \(.integer(id)) ORDER BY \"id\"") {
                $0.integer(0)
            }
        }
        state.withLock { state in
            state.entries += found.compactMap(\.self)
            state.ids += ids
        }
    }
}

extension EngineUnderTest {
    /// Twenty milliseconds on the server.
    var sleeping: SQL { self == .postgres ? "SELECT pg_sleep(0.02)" : "SELECT sleep(0.02)" }
}
