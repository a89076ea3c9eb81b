import OffstageSchema
import Testing

/// What is closed or hidden is not told by a side door.
@Suite struct HiddenThingsTests {
    private static let app = """
        collections:
          tags:
            display: token
            fields:
              name: {type: text, required: true}
              token: {type: text, readable: false}
            access: {read: true, create: true, delete: true}
          secrets:
            label: Secret stuff
            fields:
              tag: {type: relation, to: tags}
            access: {}
        forms:
          tell:
            into: secrets
            fields: [tag]
        """

    @Test func aHiddenFieldNamesNoOptionOfAForm() async throws {
        try await withApp(Self.app) { client in
            try await client.createAsTeam(Apps.id(1), in: "tags", ["name": "a", "token": "HIDDEN"])
            let page = try await client.get("/forms/tell", ["Accept": "text/html"])
            #expect(page.status == 200)
            #expect(page.text.contains(Apps.id(1)))
            #expect(!page.text.contains("HIDDEN"))
        }
    }

    @Test func aRefusedDeleteDoesNotNameAClosedCollection() async throws {
        try await withApp(Self.app) { client in
            try await client.createAsTeam(Apps.id(1), in: "tags", ["name": "a"])
            try await client.createAsTeam(Apps.id(2), in: "secrets", ["tag": .string(Apps.id(1))])
            let response = try await client.delete("/api/tags/\(Apps.id(1))")
            #expect(response.outcome == "409 conflict")
            #expect(!response.text.contains("secrets"))
            #expect(!response.text.contains(Apps.id(2)))
        }
    }

    @Test func theWelcomePageListsNoClosedCollection() async throws {
        try await withApp(Self.app) { client in
            let page = try await client.get("/")
            #expect(page.text.contains("/api/tags"))
            #expect(!page.text.contains("Secret stuff"))
        }
    }

    @Test(arguments: [("-id", #"["-id",null]"#), ("-created", #"["-created,-id",null,null]"#)])
    func aCursorWithoutAPlaceIsNone(sort: String, cursor: String) async throws {
        try await withApp(Self.app) { client in
            let text = Base64URL.encode(Array(cursor.utf8))
            let response = try await client.get("/api/tags?sort=\(sort)&after=\(text)")
            #expect(response.outcome == "400 malformed")
        }
    }

    @Test func aManyTimesRepeatedNameCostsNoMoreThanItsBytes() throws {
        let names = (0..<20_000).map { "\"n\($0)\":1" }
        let text = "{" + (names + [String](repeating: "\"n19999\":1", count: 20_000)).joined(separator: ",") + "}"
        let json = try JSONParser.parse(text.utf8)
        #expect(json.merging(json) == json)
    }
}
