import EnginesUnderTest
import OffstageRecords
import OffstageSchema
import OffstageStorage
import Testing

/// `count=true`: totals are kept, and never older than the list beside them.
@Suite struct TotalTests {
    private static let app = """
        collections:
          marks:
            fields: {word: text}
            access: {read: true, create: true, delete: true}
          things:
            fields: {word: text, many: {type: relation, to: marks, many: true}}
            access: {read: true, create: true, update: true, delete: true}
        """

    private func total(_ client: Client, _ filter: String) async throws -> String? {
        let response = try await client.get("/api/things?limit=1&count=true&filter=\(escaped(filter))")
        guard case .number(let text)? = response.json["total"] else { return nil }
        return text
    }

    @Test(arguments: [
        "true", "word == 'a'", "records.marks.exists(m, m.word == word)", "size(many) > 0",
        "many.exists(m, m.word == 'a')",
    ])
    func aKeptTotalFollowsEveryChange(filter: String) async throws {
        try await withApp(Self.app) { client in
            /// Whether the total is the number of records that are there.
            @Sendable func same(_ step: Int) async throws -> Bool {
                let list = try await client.get("/api/things?limit=500&filter=\(escaped(filter))").items
                return try await self.total(client, filter) == String(list.count)
            }
            #expect(try await same(0))
            try #require(
                try await client.sendJSON("POST", "/api/things", #"{"id": "\#(Apps.id(1))", "word": "a"}"#).status
                    == 201
            )
            #expect(try await same(1))
            #expect(try await same(2))
            try #require(
                try await client.sendJSON("POST", "/api/marks", #"{"id": "\#(Apps.id(2))", "word": "a"}"#).status == 201
            )
            #expect(try await same(3))
            let change = #"{"word": "b", "many": ["\#(Apps.id(2))"]}"#
            try #require(try await client.sendJSON("PATCH", "/api/things/\(Apps.id(1))", change).status == 200)
            #expect(try await same(4))
            try #require(
                try await client.sendJSON("PATCH", "/api/things/\(Apps.id(1))", #"{"many": []}"#).status == 200
            )
            #expect(try await same(5))
            try #require(try await client.delete("/api/marks/\(Apps.id(2))").status == 204)
            #expect(try await same(6))
            try #require(try await client.delete("/api/things/\(Apps.id(1))").status == 204)
            #expect(try await same(7))
        }
    }

    @Test func aTotalIsOfWhoAsks() async throws {
        let app = """
            collections:
              notes:
                fields: {owner: {type: text, assign: user.id}}
                access: {read: owner == user.id, create: has(user.id)}
            """
        try await withApp(app) { client in
            let (anna, ben) = (TestSessions.header(1, role: "x"), TestSessions.header(2, role: "x"))
            for who in [anna, anna, ben] { _ = try await client.sendJSON("POST", "/api/notes", "{}", who) }
            for (who, expected) in [(anna, "2"), (ben, "1"), (anna, "2"), ([:], "0")] {
                #expect(try await client.get("/api/notes?count=true", who).json["total"] == .number(expected))
            }
        }
    }

    /// Another program may write to the same database: an import from the command line does.
    @Test func aWriteOfAnotherProcessCounts() async throws {
        try await withApp(Self.app) { client in
            try #require(try await client.sendJSON("POST", "/api/things", #"{"word": "a"}"#).status == 201)
            #expect(try await self.total(client, "true") == "1")
            let other = try client.app.place.open()
            let records = Records(rules: client.app.records.rules, engine: other, now: client.app.clock.now)
            let collection = try #require(records.catalog.collection("things"))
            let input = try #require(Input(json: ["word": "b"]))
            _ = try await records.create(
                input,
                in: collection,
                WriteRequest(by: .team("ada")) { _ in Answer(status: 201) }
            )
            await other.close()
            #expect(try await self.total(client, "true") == "2")
        }
    }
}
