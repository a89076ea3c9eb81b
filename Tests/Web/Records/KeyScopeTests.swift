import OffstageSchema
import Testing

/// A key does no more than it was made for, whatever its account may, and nothing that its account may not.
@Suite struct KeyScopeTests {
    private static let app = """
        collections:
          orders:
            fields:
              customer: {type: text, assign: user.id}
              note: text
              room: {type: relation, to: rooms}
            access:
              read: customer == user.id
              create: has(user.id)
              update: customer == user.id
              delete: customer == user.id
          rooms:
            fields: {name: text}
            access: {read: true, create: has(user.id)}
          closed:
            fields: {word: text}
            access: {}
        """

    private static func key(_ scope: String) -> Headers { TestSessions.header(1, role: "a", scope: scope) }
    private static let session = TestSessions.header(1, role: "a")
    private static let (order, room) = (Apps.id(1), Apps.id(2))

    private static func prepare(_ client: Client) async throws {
        for (name, body) in [
            ("rooms", #"{"id": "\#(room)", "name": "Hall"}"#),
            ("orders", #"{"id": "\#(order)", "note": "one", "room": "\#(room)"}"#),
        ] {
            let response = try await client.sendJSON("POST", "/api/\(name)", body, session)
            try #require(response.status == 201, "\(response.text)")
        }
    }

    /// Every verb through its own door. What is changed or deleted must be seen, as everywhere.
    @Test(arguments: ["", "read", "create", "update", "delete", "read+update", "read+delete"])
    func aVerbIsThatVerbAlone(verbs: String) async throws {
        let may: @Sendable (String) -> Bool = { verb in verbs.split(separator: "+").contains { $0 == verb } }
        try await withApp(Self.app) { client in
            try await Self.prepare(client)
            let key = Self.key(verbs.isEmpty ? "rooms:read" : "orders:\(verbs)")
            let list = try await client.get("/api/orders", key)
            #expect((list.status == 200 && list.items.count == 1) == may("read"), "\(list.text)")
            let one = try await client.get("/api/orders/\(Self.order)", key)
            #expect(one.status == (may("read") ? 200 : 404), "\(one.text)")
            let made = try await client.sendJSON("POST", "/api/orders", #"{"note": "two"}"#, key)
            #expect((made.status == 201) == may("create"), "\(made.text)")
            let changed = try await client.sendJSON("PATCH", "/api/orders/\(Self.order)", #"{"note": "x"}"#, key)
            #expect((changed.status == 200) == (may("read") && may("update")), "\(changed.text)")
            let gone = try await client.delete("/api/orders/\(Self.order)", key)
            #expect((gone.status == 204) == (may("read") && may("delete")), "\(gone.text)")
            // What was refused did not happen.
            let left = try await client.get("/api/orders", Self.session).items
            #expect(left.count == (may("create") ? 2 : may("read") && may("delete") ? 0 : 1))
            #expect(left.contains { $0["note"] == "x" } == (may("read") && may("update")))
        }
    }

    @Test func eachOperationOfABatchNeedsItsVerb() async throws {
        try await withApp(Self.app) { client in
            try await Self.prepare(client)
            let operations: JSON = [
                ["create": "orders", "values": ["note": "two"]],
                ["update": .string("orders/\(Self.order)"), "values": ["note": "x"]],
            ]
            for scope in ["orders:create+read", "orders:update+read", "orders:create+update", "rooms:create+update"] {
                let response = try await client.post("/api/batch", ["operations": operations], Self.key(scope))
                #expect(response.status != 200, "\(scope): \(response.text)")
            }
            #expect(try await client.get("/api/orders", Self.session).items.map { $0["note"] } == ["one"])
            let key = Self.key("orders:read+create+update")
            #expect(try await client.post("/api/batch", ["operations": operations], key).status == 200)
            #expect(try await client.get("/api/orders", Self.session).items.count == 2)
        }
    }

    @Test func whatAKeyMayNotReadDoesNotComeAlong() async throws {
        try await withApp(Self.app) { client in
            try await Self.prepare(client)
            let path = "/api/orders?expand=room"
            let all = try await client.get(path, Self.key("orders:read,rooms:read"))
            #expect(all.items.first?["expanded"]?["room"]?["name"] == "Hall", "\(all.text)")
            let own = try await client.get(path, Self.key("orders:read"))
            #expect(!own.text.contains("Hall"), "\(own.text)")
            // Nor does a filter find it out.
            let found = try await client.get(
                "/api/orders?filter=\(escaped("room.name == 'Hall'"))",
                Self.key("orders:read")
            )
            #expect(found.status == 400 || found.items.isEmpty, "\(found.text)")
        }
    }

    @Test func aStarIsEveryCollectionAndStillTheRules() async throws {
        try await withApp(Self.app) { client in
            try await Self.prepare(client)
            let key = Self.key("*:read+create,rooms:read")
            #expect(try await client.get("/api/orders", key).items.count == 1)
            #expect(try await client.sendJSON("POST", "/api/orders", "{}", key).status == 201)
            // A collection of its own line is not what the star says.
            #expect(try await client.sendJSON("POST", "/api/rooms", #"{"name": "x"}"#, key).status != 201)
            #expect(try await client.get("/api/closed", key).status == 404)
            let other = TestSessions.header(2, role: "a", scope: "*:read+update+delete")
            #expect(try await client.get("/api/orders/\(Self.order)", other).status == 404)
        }
    }

    /// The next request of the same account is not answered by what was kept of the key's, nor the other way round.
    @Test func aKeyAndASessionAreNotMixedUp() async throws {
        try await withApp(Self.app) { client in
            try await Self.prepare(client)
            for _ in 0..<2 {
                #expect(try await client.get("/api/orders/\(Self.order)", Self.key("orders:create")).status == 404)
                #expect(try await client.get("/api/orders/\(Self.order)", Self.session).status == 200)
            }
        }
    }
}
