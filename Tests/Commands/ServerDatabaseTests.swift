import Foundation
import Testing

/// What the program says when a database on a server can't be used: one sentence, and never the password.
@Suite struct ServerDatabaseTests {
    private static let environment = ProcessInfo.processInfo.environment

    private func app() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let outcome = try await Program.run(["new", "."], in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return folder
    }

    private func serve(_ url: String) async throws -> Program.Outcome {
        try await Program.run(["serve", "--port", "0"], in: app(), environment: ["OFFSTAGE_DATABASE": url])
    }

    @Test(arguments: [
        ("postgres://ada:secret@127.0.0.1:1/x", "postgres://ada@127.0.0.1:1/x can't be reached"),
        ("mysql://ada:secret@127.0.0.1:1/x", "mysql://ada@127.0.0.1:1/x can't be reached"),
    ])
    func aServerThatIsNotThereIsOneSentence(_ url: String, _ sentence: String) async throws {
        let outcome = try await serve(url)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(sentence) && !outcome.errors.contains("secret"), "\(outcome.errors)")
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }

    @Test(arguments: [
        ("postgres:", "Write it as postgres://"), ("postgres://h/x?sslmod=on", "sslmod"),
        ("postgres://h/x?pool=0", "pool must be a number"),
        ("mysql:", "mysql://user:password@host:port/database"), ("mysql://h/x?sslmod=on", "sslmod"),
        ("mysql://h/x?pool=many", "pool must be a number"), ("mysql://h:port/x", "port must be a number"),
    ])
    func aUrlThatCannotBeReadIsOneSentence(_ url: String, _ sentence: String) async throws {
        let outcome = try await serve(url)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("OFFSTAGE_DATABASE") && outcome.errors.contains(sentence), "\(outcome.errors)")
    }

    /// The urls of the servers that script/test-servers started.
    private static let servers = ["OFFSTAGE_TEST_POSTGRES", "OFFSTAGE_TEST_MYSQL"].compactMap { environment[$0] }

    @Test(arguments: servers)
    func aWrongPasswordAndAMissingDatabaseAreOneSentence(_ url: String) async throws {
        let at = try #require(url.lastIndex(of: "@"))
        let colon = try #require(url[..<at].lastIndex(of: ":"))
        let wrong = try await serve(url[...colon] + "wrong" + url[at...])
        #expect(wrong.status == 2 && wrong.errors.contains("can't be reached: "), "\(wrong.errors)")
        let slash = try #require(url.lastIndex(of: "/"))
        let missing = try await serve(url[...slash] + "nothere")
        #expect(missing.status == 2 && missing.errors.contains("nothere"), "\(missing.errors)")
    }
}
