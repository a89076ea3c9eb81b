import Foundation
package import OffstageStorage
import OffstageStorageMySQL
import OffstageStoragePostgres
import OffstageStorageServers
import OffstageStorageSQLite

/// The databases that tests run on. SQLite is always there; the servers are where script/test-servers runs the tests.
package enum EngineUnderTest: String, Sendable, CaseIterable, CustomStringConvertible {
    case sqlite = "SQLite"
    case postgres = "PostgreSQL"
    case mysql = "MariaDB"

    package var description: String { rawValue }

    private static let environment = ProcessInfo.processInfo.environment

    /// The url of a server's test database; nil where there is none.
    private var url: String? {
        switch self {
        case .sqlite: nil
        case .postgres: Self.environment["OFFSTAGE_TEST_POSTGRES"]
        case .mysql: Self.environment["OFFSTAGE_TEST_MYSQL"]
        }
    }

    package var isThere: Bool { self == .sqlite || url != nil }

    /// Those that are there.
    package static let all = allCases.filter(\.isThere)
    package static let servers = all.filter { $0 != .sqlite }

    /// The one that a whole suite runs on: `OFFSTAGE_TEST_ENGINE`, SQLite unless it says another.
    package static let chosen: EngineUnderTest = {
        guard let name = environment["OFFSTAGE_TEST_ENGINE"], !name.isEmpty else { return .sqlite }
        guard let engine = allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() }), engine.isThere
        else {
            fatalError("OFFSTAGE_TEST_ENGINE names \(name), which is not there; run the tests by script/test-servers")
        }
        return engine
    }()

    /// What a test has for itself: a file, a schema or a database, empty.
    package struct Place: Sendable {
        package let engine: EngineUnderTest
        /// As OFFSTAGE_DATABASE would say it.
        package let url: String

        package init(engine: EngineUnderTest, url: String) {
            self.engine = engine
            self.url = url
        }

        package func open() throws -> any Engine {
            switch engine {
            case .sqlite: try SQLiteEngine(path: String(url.dropFirst("sqlite:".count)))
            case .postgres: try PostgresEngine(PostgresDriver(url: url))
            case .mysql: try MySQLEngine(MySQLDriver(url: url))
            }
        }

        /// The same database through another port, without TLS, so that what goes by can be read.
        package func through(port: Int) -> Place {
            let old = url.port.map { ":\($0)/" } ?? ""
            let plain = engine == .postgres ? "&sslmode=disable" : "&ssl-mode=DISABLED"
            return Place(engine: engine, url: url.replacingOccurrences(of: old, with: ":\(port)/") + plain)
        }

        /// A database in these shapes.
        package func open(_ shapes: [TableShape]) async throws -> any Engine {
            let engine = try open()
            do {
                try await engine.apply(try await engine.plan(to: shapes))
            } catch {
                await engine.close()
                throw error
            }
            return engine
        }
    }

    /// The server's port.
    package var port: Int { (url ?? "").port.flatMap { Int($0) } ?? 0 }

    /// - Parameter folder: one of the test's own, for a file.
    package func place(in folder: String) throws -> Place {
        let name = "t" + UUID().uuidString.lowercased().filter { $0 != "-" }
        switch self {
        case .sqlite: return Place(engine: self, url: "sqlite:\(folder)/offstage.db")
        case .postgres:
            let link = try PostgresDriver(url: url ?? "").connect()
            defer { link.close() }
            try link.execute("CREATE SCHEMA \(name)")
            return Place(engine: self, url: "\(url ?? "")?pool=4&options=-csearch_path%3D\(name)")
        case .mysql:
            let link = try MySQLDriver(url: url ?? "").connect()
            defer { link.close() }
            try link.execute("CREATE DATABASE \(name)")
            let server = (url ?? "").split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
                separator: "/"
            )
            return Place(engine: self, url: "\(server)/\(name)?pool=4")
        }
    }
}

extension String {
    /// Of the host in a url.
    fileprivate var port: Substring? {
        guard let at = lastIndex(of: "@"), let colon = self[at...].firstIndex(of: ":") else { return nil }
        return self[index(after: colon)...].prefix { $0.isNumber }
    }
}
