import Foundation
import Glibc
import Testing

/// `offstage serve`: how it starts, what it says when it can't, and how it ends.
struct ServeTests {
    private func app() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let text = """
            offstage: 1
            name: Notebook
            collections:
              notes:
                fields:
                  text: {type: text, required: true}
                access: {read: true, create: true}
            """
        try folder.write(text, to: "offstage.yaml")
        return folder
    }

    @Test func aTakenPortIsOneSentence() async throws {
        let folder = try await app()
        let other = try await app()
        let server = try await TestServer.start(in: other)
        let outcome = try await Program.run(["serve", "--port", "\(server.port)"], in: folder)
        expectSentence(outcome, status: 2, saying: "Port \(server.port) is taken", "--port", "OFFSTAGE_PORT")
        #expect(try await server.stop().status == 0)
    }

    @Test func anAddressThatThisMachineDoesNotHaveIsOneSentence() async throws {
        let folder = try await app()
        // 203.0.113.0/24 is for documentation (RFC 5737); .invalid never resolves (RFC 2606).
        let address = try await Program.run(["serve", "--host", "203.0.113.9", "--port", "0"], in: folder)
        expectSentence(address, status: 2, saying: "does not have the address 203.0.113.9")
        let name = try await Program.run(["serve", "--host", "nobody.invalid", "--port", "0"], in: folder)
        expectSentence(name, status: 2, saying: "no machine called nobody.invalid")
    }

    @Test(arguments: ["80a", "-1", "65536", "99999999999999999999", " 80", "0x50", "８０"])
    func aWrongPortSettingIsOneSentence(_ port: String) async throws {
        let outcome = try await Program.run(["serve"], in: app(), environment: ["OFFSTAGE_PORT": port])
        expectSentence(outcome, status: 1, saying: "OFFSTAGE_PORT must be a number from 0 to 65535", "\"\(port)\"")
    }

    @Test(arguments: ["oracle://localhost/x", "mongodb:x", "offstage.db", "sqlite:"])
    func anUnsupportedDatabaseIsOneSentence(_ database: String) async throws {
        let outcome = try await Program.run(
            ["serve", "--port", "0"],
            in: app(),
            environment: ["OFFSTAGE_DATABASE": database]
        )
        expectSentence(outcome, status: 1, saying: "sqlite:")
    }

    @Test(arguments: ["sqlite:kept", "sqlite:/tmp", "sqlite:/"])
    func aFolderInPlaceOfTheDatabaseIsOneSentence(_ database: String) async throws {
        let folder = try await app()
        try folder.write("", to: "kept/inside")
        let outcome = try await Program.run(["serve", "--port", "0", "--database", database], in: folder)
        expectSentence(outcome, status: 1, saying: "is a folder; OFFSTAGE_DATABASE must name a file")
    }

    @Test func settingsComeFromTheEnvironmentAndFlagsComeFirst() async throws {
        let folder = try await app()
        let environment = [
            "OFFSTAGE_PORT": "none", "OFFSTAGE_HOST": "nobody.invalid", "OFFSTAGE_DATABASE": "sqlite:kept/here.db",
        ]
        let server = try await TestServer.start(
            in: folder,
            arguments: ["--host", "127.0.0.1"],
            environment: environment
        )
        #expect(try await server.answer("GET", "/health").status == 200)
        #expect(folder.has("kept/here.db") && !folder.has("data"))
        try await server.stop()
    }

    @Test func dataIsForTheOwnerAloneAndNeverInGit() async throws {
        let folder = try await app()
        let server = try await TestServer.start(in: folder)
        #expect(try folder.data("data/.gitignore") == Data("*\n".utf8))
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path("data")) where name != ".gitignore"
        {
            #expect(mode(folder.path("data/\(name)")) & 0o077 == 0, "\(name)")
        }
        #expect(mode(folder.path("data")) & 0o077 == 0)
        try await server.stop()
    }

    @Test func somebodyElsesDatabaseIsRefusedAndNotTouched() async throws {
        let folder = try await app()
        try FileManager.default.createDirectory(atPath: folder.path("data"), withIntermediateDirectories: true)
        try StoredDatabase(folder.path("data/offstage.db")).execute(
            "CREATE TABLE mine (a); INSERT INTO mine VALUES (1)"
        )
        chmod(folder.path("data/offstage.db"), 0o644)
        let bytes = try folder.data("data/offstage.db")
        for arguments in [["serve", "--port", "0"], ["migrate", "--apply", "--allow-loss"], ["export", "notes"]] {
            let outcome = try await Program.run(arguments, in: folder)
            #expect(outcome.status == 1)
            #expect(
                outcome.errors.contains("holds a database that Offstage did not make; it was not touched."),
                "\(outcome.errors)"
            )
            expectNoInsides(outcome.errors)
            #expect(try folder.data("data/offstage.db") == bytes)
            #expect(mode(folder.path("data/offstage.db")) == 0o644)
            #expect(!folder.has("data/offstage.db-wal"))
        }
    }

    @Test func aDamagedDatabaseIsOneSentenceAndNotTouched() async throws {
        let folder = try await app()
        let server = try await TestServer.start(in: folder)
        try await server.stop()
        let sound = try folder.data("data/offstage.db")
        let header = sound.prefix(100)
        let files = [
            Data((0..<60_000).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 / 251) }),
            Data("hello, this is a text".utf8),
            header + Data(repeating: 0xff, count: sound.count - 100),
        ]
        for bytes in files {
            try folder.write(bytes, to: "data/offstage.db")
            let outcome = try await Program.run(["serve", "--port", "0"], in: folder)
            #expect(outcome.status == 2 && !outcome.wasKilled)
            #expect(
                outcome.errors.hasPrefix("offstage: ./data/offstage.db is damaged or is no database"),
                "\(outcome.errors)"
            )
            expectNoInsides(outcome.errors)
            #expect(try folder.data("data/offstage.db") == bytes)
        }
    }

    @Test func aSecondServerOnTheSameDataIsRefused() async throws {
        let folder = try await app()
        let server = try await TestServer.start(in: folder)
        let outcome = try await Program.run(["serve", "--port", "0"], in: folder)
        expectSentence(outcome, status: 2, saying: "being served by another offstage (process ", "stop that one first")
        #expect(try await server.answer("GET", "/health").status == 200)
        #expect(try await server.stop().status == 0)
    }

    @Test(.enabled(if: isRoot && toolPath("setpriv") != nil, "setpriv and root are needed to become another user"))
    func aFolderThatIsNotWritableIsOneSentence() async throws {
        let folder = try await app()
        let setpriv = try #require(toolPath("setpriv"))
        // The other user must be able to reach and run a copy.
        try #require(runQuietly("/bin/cp", [Program.path, folder.path("program")]))
        let rights = ["--reuid=65534", "--regid=65534", "--clear-groups"]
        let closed = try await Program.run(
            executable: setpriv,
            rights + [folder.path("program"), "serve", "--port", "0"],
            in: folder
        )
        expectSentence(closed, status: 2, saying: "data can't be made: Permission denied")
        try FileManager.default.createDirectory(atPath: folder.path("data"), withIntermediateDirectories: true)
        let readable = try await Program.run(
            executable: setpriv,
            rights + [folder.path("program"), "serve", "--port", "0"],
            in: folder
        )
        expectSentence(readable, status: 2, saying: "data is not writable for this user")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("data")).isEmpty)
    }

    @Test func aRequestUnderWayAtSIGTERMIsAnswered() async throws {
        let folder = try await app()
        let server = try await TestServer.start(in: folder)
        let port = server.port
        let body = "{\"text\":\"finished after the signal\"}"
        let stored = try await onThread { () -> HTTPAnswer in
            let connection = try HTTPConnection(port: port)
            let headers = ["Content-Type": "application/json", "Expect": "100-continue"]
            try connection.send(HTTPConnection.head("POST", "/api/notes", headers, length: body.utf8.count))
            // The server has begun with it.
            guard try connection.receive().status == 100 else { throw HTTPConnection.Gone() }
            try connection.send(String(body.prefix(10)))
            server.program.send(SIGTERM)
            try blockUntil("the server listens no more") { (try? HTTPConnection(port: port)) == nil }
            try connection.send(String(body.dropFirst(10)))
            return try connection.receive()
        }
        #expect(stored.status == 201, "\(stored.text)")
        let outcome = try await server.program.outcome(within: 40)
        #expect(outcome.status == 0 && !outcome.wasKilled, "\(outcome.errors)")
        #expect(!folder.has("data/offstage.db-wal") && !folder.has("data/offstage.db-shm"))
        let exported = try await Program.run(["export", "notes"], in: folder)
        #expect(exported.text.contains("finished after the signal"))
    }

    @Test func idleConnectionsDoNotHoldUpTheEnd() async throws {
        let server = try await TestServer.start(in: app())
        let port = server.port
        let idle = try await onThread { () -> Int in
            let connections = try (0..<20).map { _ in try HTTPConnection(port: port) }
            for connection in connections { _ = try connection.answer("GET", "/health") }
            server.program.send(SIGTERM)
            // They stay open until the server has ended.
            try blockUntil("the server ends in spite of idle connections", within: 10) { !server.program.isRunning }
            return connections.count
        }
        #expect(idle == 20)
        #expect(try await server.program.outcome(within: 5).status == 0)
    }

    @Test func anInterruptEndsItAsWell() async throws {
        let server = try await TestServer.start(in: app())
        server.program.send(SIGINT)
        let outcome = try await server.program.outcome(within: 20)
        #expect(outcome.status == 0 && outcome.errors.hasSuffix("Stopped.\n"), "\(outcome.errors)")
    }

    @Test func theAccessLogIsOneJSONObjectARequest() async throws {
        let server = try await TestServer.start(in: app())
        _ = try await server.answer("GET", "/api/notes?limit=1")
        _ = try await server.answer(
            "POST",
            "/api/notes",
            ["Content-Type": "application/json"],
            body: "{\"text\":\"a\"}"
        )
        _ = try await server.answer("GET", "/nowhere/%22%0a%1b%5b31m")
        let outcome = try await server.stop()
        let lines = outcome.text.split(separator: "\n")
        #expect(lines.count == 3, "\(outcome.text)")
        let entries = try lines.map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(entries.map { $0["status"] as? Int } == [200, 201, 404])
        #expect(entries.map { $0["method"] as? String } == ["GET", "POST", "GET"])
        #expect(entries.first?["path"] as? String == "/api/notes?…")
        for entry in entries {
            #expect(
                Set(entry.keys) == ["at", "method", "path", "status", "bytes", "microseconds", "address", "request"]
            )
            #expect(entry["address"] as? String == "127.0.0.1")
        }
    }

    @Test func quietMeansNoAccessLog() async throws {
        let server = try await TestServer.start(in: app(), arguments: ["--quiet"])
        _ = try await server.answer("GET", "/api/notes")
        #expect(try await server.stop().output.isEmpty)
    }

    private func mode(_ path: String) -> mode_t {
        var information = stat()
        return stat(path, &information) == 0 ? information.st_mode & 0o777 : 0
    }
}
