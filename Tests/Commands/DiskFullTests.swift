import Foundation
import Synchronization
import Testing

/// A disk that fills up under a running server, and has room again. The disk is a small tmpfs.
@Suite(.enabled(if: canMount, "a tmpfs can't be mounted here: that needs root and a container that allows it"))
struct DiskFullTests {
    private static let app = """
        offstage: 1
        name: Postbox
        collections:
          letters:
            fields:
              name:  {type: text, required: true, unique: true}
              words: {type: text, required: true, max: 100000}
            access: {read: true, create: true}
        forms:
          post:
            into: letters
            fields: [name, words]
            limit: 100000/hour
        """

    /// A small disk, mounted until the body is done.
    private func withSmallDisk(_ body: (TemporaryFolder) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let disk = folder.path("data")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        let mount = try #require(toolPath("mount"))
        let unmount = try #require(toolPath("umount"))
        try #require(runQuietly(mount, ["-t", "tmpfs", "-o", "size=3m", "offstage-test", disk]))
        defer { runQuietly(unmount, ["-l", disk]) }
        try folder.write(Self.app, to: "offstage.yaml")
        try await body(folder)
    }

    private static func letter(_ name: Int) -> String {
        "{\"name\":\"\(name)\",\"words\":\"\(String(repeating: "w\(name % 10)", count: 15_000))\"}"
    }

    @Test(.timeLimit(.minutes(2)))
    func writesAreRefusedReadsGoOnAndRoomHealsIt() async throws {
        try await withSmallDisk { folder in
            // What is thrown away later to make room.
            try folder.write(Data(repeating: 1, count: 1_200_000), to: "data/old-backup")
            let server = try await TestServer.start(in: folder)
            let json = ["Content-Type": "application/json"]
            var stored: [Int] = []
            var refused: HTTPAnswer?
            for name in 0..<1000 where refused == nil {
                let answer = try await server.answer("POST", "/api/letters", json, body: Self.letter(name))
                if answer.status == 201 { stored.append(name) } else { refused = answer }
            }
            let problem = try #require(refused)
            #expect(problem.status == 507, "\(problem.text)")
            #expect(problem.headers["content-type"]?.hasPrefix("application/problem+json") == true)
            #expect(try problem.object()["code"] as? String == "storage_full", "\(problem.text)")
            #expect(problem.headers["retry-after"] != nil)
            #expect(!stored.isEmpty)

            let page = try await server.answer(
                "POST",
                "/forms/post",
                ["Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"],
                body: "name=form&words=" + String(repeating: "w", count: 90_000)
            )
            #expect(page.status == 507)
            #expect(page.headers["content-type"]?.hasPrefix("text/html") == true && page.text.contains("</html>"))

            for path in ["/api/letters?limit=5", "/forms/post", "/api/letters?count=true&limit=1"] {
                #expect(try await server.answer("GET", path).status == 200, "\(path)")
            }
            try FileManager.default.removeItem(atPath: folder.path("data/old-backup"))
            let healed = try await server.answer("POST", "/api/letters", json, body: Self.letter(5000))
            #expect(healed.status == 201, "\(healed.text)")
            #expect(try await server.answer("GET", "/health").status == 200)
            stored.append(5000)
            #expect(try await server.stop().status == 0)

            let exported = try await Program.run(["export", "letters", "--format", "ndjson"], in: folder)
            let names = exported.text.matches(of: /"name":"(\d+)"/).compactMap { Int($0.1) }
            #expect(names == stored)
            let database = try StoredDatabase(folder.path("data/offstage.db"))
            #expect(try database.value("PRAGMA integrity_check") == "ok")
        }
    }

    @Test func anImportThatDoesNotFitStoresNothing() async throws {
        try await withSmallDisk { folder in
            try folder.write((0..<200).map(Self.letter).joined(separator: "\n"), to: "letters.ndjson")
            let outcome = try await Program.run(["import", "letters", "letters.ndjson"], in: folder)
            expectSentence(outcome, status: 2, saying: "disk is full")
            let exported = try await Program.run(["export", "letters", "--format", "ndjson"], in: folder)
            #expect(exported.status == 0 && exported.output.isEmpty, "\(exported.errors)")
        }
    }

    @Test func aFullDiskAtTheStartIsOneSentence() async throws {
        try await withSmallDisk { folder in
            let filler = folder.url.appending(path: "data/filler")
            try Data().write(to: filler)
            let handle = try FileHandle(forWritingTo: filler)
            // Fills it to the last block.
            while (try? handle.write(contentsOf: Data(repeating: 1, count: 4096))) != nil {}
            try handle.close()
            let outcome = try await Program.run(["serve", "--port", "0"], in: folder)
            #expect(outcome.status == 2 && !outcome.wasKilled, "\(outcome.errors)")
            expectSentence(outcome, status: 2, saying: "disk")
        }
    }
}
