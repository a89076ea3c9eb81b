import OffstageSchema
import Testing

/// A search finds nothing that its caller may not read, and tells nothing of it.
@Suite struct SearchAccessTests {
    private static let app = """
        name: Notes
        collections:
          notes:
            access: {read: 'open || author == user.id || user.role == "staff"', create: true, update: true, delete: true}
            search: [title, secret, margin]
            fields:
              title: text
              secret: {type: text, readable: 'user.role == "staff"'}
              margin: {type: text, readable: 'author == user.id || user.role == "staff"'}
              author: text
              open: {type: boolean, default: true}
          vault:
            access: {read: true}
            search: [secret, hidden]
            fields:
              name: text
              secret: {type: text, readable: 'user.role == "staff"'}
              hidden: {type: text, readable: false}
        accounts: {fields: {role: text}}
        """

    private static let staff = TestSessions.header(1, role: "staff")
    private static let anna = TestSessions.header(2, role: "customer")

    private func found(_ words: String, in name: String = "notes", _ client: Client, _ headers: Headers = [:])
        async throws -> String
    {
        try await SearchTests.found(words, more: "&count=true", in: name, client, headers)
    }

    @Test func rulesHoldForWhatIsFound() async throws {
        try await withApp(Self.app) { client in
            try await client.createAsTeam(Apps.id(1), in: "notes", ["title": "green tea", "open": true])
            try await client.createAsTeam(Apps.id(2), in: "notes", ["title": "green tea", "open": false])
            try await client.createAsTeam(
                Apps.id(3),
                in: "notes",
                ["title": "green tea", "open": false, "author": .string("\(TestSessions.id(2))")]
            )
            #expect(try await found("green", client) == "1")
            #expect(try await found("green", client, Self.anna) == "1 3")
            #expect(try await found("green", client, Self.staff) == "1 2 3")
            let counted = try await client.get("/api/notes?search=green&count=true")
            #expect(counted.json["total"] == 1)
        }
    }

    @Test func aFieldThatIsNotAlwaysReadIsNotSearched() async throws {
        try await withApp(Self.app) { client in
            let own = JSON.string("\(TestSessions.id(2))")
            try await client.createAsTeam(
                Apps.id(1),
                in: "notes",
                ["title": "green", "secret": "password", "margin": "scribble", "author": own]
            )
            for words in ["password", "pass", "green password", "\"password\"", "scribble", "green scribble"] {
                #expect(try await found(words, client) == "", "\(words)")
                #expect(try await found(words, client, Self.anna) == "", "\(words)")
                #expect(try await found(words, client, Self.staff) == "1", "\(words)")
            }
            // Not by leaving it out either.
            #expect(try await found("green -password", client) == "1")
            #expect(try await found("green -password", client, Self.staff) == "")
        }
    }

    /// What is hidden is in no rank: not its words, not its length, not what other records have there.
    @Test func hiddenTextsDoNotChangeTheOrder() async throws {
        try await withApp(Self.app) { client in
            let long = String(repeating: "green tea ", count: 200)
            try await client.createAsTeam(Apps.id(1), in: "notes", ["title": "green tea", "secret": .string(long)])
            try await client.createAsTeam(Apps.id(2), in: "notes", ["title": "green tea"])
            try await client.createAsTeam(Apps.id(3), in: "notes", ["title": "green tea", "secret": "green"])
            try await client.createAsTeam(Apps.id(4), in: "notes", ["title": "green tea", "open": false])
            let before = try await client.get("/api/notes?search=green%20tea&limit=1")
            #expect(SearchTests.numbers(before.items) == "1")
            #expect(try await found("green tea", client) == "1 2 3")
            for number in [1, 2, 3] {
                try await client.writeAsTeam(Apps.id(number), in: "notes", ["secret": .string("other \(number) words")])
            }
            try await client.writeAsTeam(Apps.id(4), in: "notes", ["title": .string(long)])
            // The cursor holds the rank.
            let after = try await client.get("/api/notes?search=green%20tea&limit=1")
            #expect(after.json["next"] == before.json["next"])
            #expect(try await found("green tea", client) == "1 2 3")
        }
    }

    @Test func aSearchInNothingButHiddenFieldsIsNone() async throws {
        try await withApp(Self.app) { client in
            try await client.createAsTeam(
                Apps.id(1),
                in: "vault",
                ["secret": "password", "hidden": "deep", "name": "n"]
            )
            let refused = try await client.get("/api/vault?search=password")
            #expect(refused.outcome == "400 malformed")
            #expect(refused.json["detail"] == "search: vault has no search.")
            #expect(try await found("password", in: "vault", client, Self.staff) == "1")
            #expect(try await found("deep", in: "vault", client, Self.staff) == "")
        }
    }
}
