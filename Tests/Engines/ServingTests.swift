import EnginesUnderTest
import Foundation
import OffstageSchema
import OffstageStorage
import Testing

/// Several processes on one database, and the ways to reach it.
@Suite struct ServingTests {
    private static let other = [
        TableShape(
            name: "owners",
            columns: [
                ColumnShape(name: "label", type: .text, required: true), ColumnShape(name: "more", type: .text),
            ],
            indexes: []
        )
    ]

    /// Two with different app files never both run: the shape stays while another process is present, and one that comes to
    /// another shape is told to stop.
    @Test(arguments: EngineUnderTest.servers)
    func theShapeStaysWhileOthersServe(engine: EngineUnderTest) async throws {
        let place = try TestPlace(engine)
        let first = try await place.open([Kinds.owners])
        let serving = try #require(first as? any SequencingEngine)
        try await serving.stayPresent(with: [Kinds.owners])
        let second = try place.place.open()
        let plan = try await second.plan(to: Self.other)
        await #expect {
            try await second.apply(plan, allowLoss: false)
        } throws: { "\($0)".contains("another offstage uses the database") }
        await first.close()
        try await second.apply(plan, allowLoss: false)
        let late = try #require(try place.place.open() as? any SequencingEngine)
        await #expect {
            try await late.stayPresent(with: [Kinds.owners])
        } throws: { "\($0)".contains("another shape") }
        await late.close()
        await second.close()
    }

    @Test(arguments: EngineUnderTest.servers)
    func somebodyElsesDatabaseIsRefusedAndLeftAsItIs(engine: EngineUnderTest) async throws {
        let place = try TestPlace(engine)
        let empty = try place.place.open()
        _ = try await empty.write { connection throws(StorageFailure) in
            try connection.run("CREATE TABLE people (id INTEGER)")
        }
        await #expect {
            _ = try await place.open([Kinds.owners])
        } throws: { "\($0)".contains("tables that Offstage did not make (people)") }
        let tables = try await empty.read(.scan) { connection throws(StorageFailure) in
            try connection.first("SELECT count(*) FROM people") { $0.integer(0) }
        }
        #expect(tables == 0)
        await empty.close()
    }

    private static let environment = ProcessInfo.processInfo.environment

    /// By a verified certificate, and by a socket.
    @Test(arguments: EngineUnderTest.servers)
    func aServerIsReachedByTLSAndBySocket(engine: EngineUnderTest) async throws {
        let name = engine == .postgres ? "OFFSTAGE_TEST_POSTGRES" : "OFFSTAGE_TEST_MYSQL"
        let (url, socket) = (try #require(Self.environment[name]), try #require(Self.environment[name + "_SOCKET"]))
        let authority = try #require(Self.environment["OFFSTAGE_TEST_CA"])
        let verified =
            engine == .postgres
            ? "?sslmode=verify-full&sslrootcert=\(authority)" : "?ssl-mode=VERIFY_IDENTITY&ssl-ca=\(authority)"
        let encryption: SQL =
            engine == .postgres
            ? "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            : "SELECT \"VARIABLE_VALUE\" FROM \"information_schema\".\"SESSION_STATUS\" WHERE \"VARIABLE_NAME\" = 'SSL_VERSION'"
        let encrypted = try EngineUnderTest.Place(engine: engine, url: url + verified).open()
        let version = try await encrypted.read(.scan) { connection throws(StorageFailure) in
            try connection.first(encryption) { $0.text(0) }
        }
        #expect(version?.hasPrefix("TLSv1") == true)
        await encrypted.close()
        let local = try EngineUnderTest.Place(engine: engine, url: socket).open()
        let one = try await local.read(.bounded) { connection throws(StorageFailure) in
            try connection.first("SELECT 1 + 1") { $0.integer(0) }
        }
        #expect(one == 2)
        await local.close()
    }
}
