import Foundation
import Glibc
import Synchronization
import Testing

/// kill -9 in the middle of writes: what was acknowledged is there, whole, once, and in the journal.
struct PowerCutTests {
    private static let rounds = 20
    private static let clients = 4

    private static let app = """
        offstage: 1
        name: Postbox
        collections:
          letters:
            fields:
              name:  {type: text, required: true, max: 40}
              words: {type: text, required: true, max: 20000}
            search: [name, words]
            access: {read: true, create: true}
        forms:
          post:
            into: letters
            fields: [name, words]
            limit: 100000/hour
        """

    /// A text that shows by itself when a part is missing.
    private static func words(_ name: String) -> String {
        String(repeating: name + ";", count: 20 + name.utf8.reduce(0) { $0 + Int($1) } % 300)
    }

    @Test(.timeLimit(.minutes(5)))
    func nothingAcknowledgedIsLostTornOrDoubled() async throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.app, to: "offstage.yaml")
        let letters = Letters()
        for round in 0..<Self.rounds {
            let server = try await TestServer.start(in: folder, arguments: ["--quiet"])
            let port = server.port
            #expect(try await server.answer("GET", "/health").status == 200)
            try await onThread { try letters.sendUnansweredAgain(port) }
            let before = letters.acknowledged.count
            // Another moment of the load in every round.
            let aim = before + 10 + round * 37 % 150
            async let load: Void = withThrowingTaskGroup { group in
                for client in 0..<Self.clients {
                    group.addTask { try await onThread { letters.sendUntilGone(client, round, port) } }
                }
                try await group.waitForAll()
            }
            try await waitUntil("\(aim - before) letters are acknowledged", within: 40) {
                letters.acknowledged.count >= aim
            }
            try await server.kill()
            try await load
            try check(folder, holds: letters.acknowledged)
        }
        let server = try await TestServer.start(in: folder)
        let port = server.port
        try await onThread { try letters.sendUnansweredAgain(port) }
        // What was under way was sent again with its key, so that every letter is known now.
        let total = try await server.answer("GET", "/api/letters?count=true&limit=1").text
        #expect(total.contains("\"total\":\(letters.acknowledged.count)"), "\(total.suffix(200))")
        #expect(try await server.stop().status == 0)
        try check(folder, holds: letters.acknowledged)
    }

    /// Looks with SQLite itself at a copy of what the dead server left, so that the server's own recovery is not helped.
    private func check(_ folder: TemporaryFolder, holds acknowledged: Set<String>) throws {
        let copy = folder.path("copy")
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.copyItem(atPath: folder.path("data"), toPath: copy)
        let database = try StoredDatabase(copy + "/offstage.db")
        #expect(try database.value("PRAGMA integrity_check") == "ok")
        #expect(try database.rows("PRAGMA foreign_key_check").isEmpty)
        var stored: Set<String> = []
        for row in try database.rows("SELECT name, words FROM letters") {
            let name = try #require(row[0])
            #expect(stored.insert(name).inserted, "\(name) is there twice")
            #expect(row[1] == Letters.words(name), "\(name) is torn")
        }
        let lost = acknowledged.subtracting(stored)
        #expect(lost.isEmpty, "lost: \(lost.sorted())")
        // The search is as whole as what it finds.
        try database.checkSearch(of: "letters")
        let found = "SELECT count(*) FROM letters l JOIN \"_search(letters)\" s ON s.rowid = l._rowid_"
        #expect(try database.value(found + " WHERE s._name = l.name AND s._words = l.words") == "\(stored.count)")
        #expect(try database.value("SELECT count(*) FROM \"_search(letters)\"") == "\(stored.count)")
        let entries = try database.rows(
            """
            SELECT l.name, count(j.position) FROM letters l LEFT JOIN _journal j
            ON j.record = l.id AND j.collection = 'letters' AND j.kind = 'created' AND json_extract(j.after, '$.name') = l.name
            GROUP BY l.name HAVING count(j.position) <> 1
            """
        )
        #expect(entries.isEmpty, "records without exactly one journal entry: \(entries)")
        #expect(try database.value("SELECT count(*) FROM _journal") == "\(stored.count)")
    }
}

/// The letters that clients send, and what they know of them.
private final class Letters: Sendable {
    private struct Known {
        var acknowledged: Set<String> = []
        /// Sent without an answer: stored or not, nobody knows.
        var unanswered: [(client: Int, name: String)] = []
    }

    private let known = Mutex(Known())

    var acknowledged: Set<String> { known.withLock { $0.acknowledged } }

    /// A text that shows by itself when a part is missing.
    static func words(_ name: String) -> String {
        String(repeating: name + ";", count: 20 + name.utf8.reduce(0) { $0 + Int($1) } % 300)
    }

    /// One client, one letter after the other over one connection, until the server is gone.
    func sendUntilGone(_ client: Int, _ round: Int, _ port: Int) {
        guard let connection = try? HTTPConnection(port: port) else { return }
        for number in 0... {
            let name = "\(round)-\(client)-\(number)"
            known.withLock { $0.unanswered.append((client, name)) }
            guard let status = try? Self.send(name, client, connection) else { return }
            note(status, client, name)
        }
    }

    /// The same requests with the same keys: whether the first one was stored or not, there must be one record after.
    func sendUnansweredAgain(_ port: Int) throws {
        for (client, name) in known.withLock({ $0.unanswered }) {
            note(try Self.send(name, client, HTTPConnection(port: port)), client, name)
        }
    }

    private func note(_ status: Int, _ client: Int, _ name: String) {
        guard status == (client.isMultiple(of: 2) ? 201 : 303) else {
            Issue.record("\(name) was answered with \(status)")
            return
        }
        known.withLock { known in
            known.acknowledged.insert(name)
            known.unanswered.removeAll { $0.name == name }
        }
    }

    /// Even clients post JSON with an Idempotency-Key, odd ones the form with its one-time key.
    private static func send(_ name: String, _ client: Int, _ connection: HTTPConnection) throws -> Int {
        let words = words(name)
        if client.isMultiple(of: 2) {
            let headers = ["Content-Type": "application/json", "Idempotency-Key": "\"key-\(name)\""]
            let body = "{\"name\":\"\(name)\",\"words\":\"\(words)\"}"
            return try connection.answer("POST", "/api/letters", headers, body: body).status
        }
        let headers = ["Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"]
        let body = "_key=key-\(name)&name=\(name)&words=\(words.replacing(";", with: "%3B"))"
        return try connection.answer("POST", "/forms/post", headers, body: body).status
    }
}
