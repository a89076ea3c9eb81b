import OffstageAccounts
import OffstageSchema
import Testing

/// API keys.
@Suite struct KeyTests {
    private static func make(
        _ who: Somebody,
        _ scope: JSON,
        _ client: Client,
        expires: String? = nil
    ) async throws -> Response {
        try await client.post(
            "/auth/keys",
            [
                "name": "Export", "scope": scope, "password": .string(Client.password),
                "expires": expires.map(JSON.string) ?? .null,
            ],
            who.bearer
        )
    }

    private static func bearer(_ made: Response) -> Headers {
        ["Authorization": "Bearer \(made.json["token"]?.string ?? "")"]
    }

    @Test func aKeyMayWhatItsAccountMayAndItsScopeSays() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let bob = try await client.signUp("bob@example.com")
            let order = try await client.post("/api/orders", ["note": "x"], ada.bearer).id
            _ = try await client.post("/api/orders", ["note": "y"], bob.bearer)
            let made = try await Self.make(ada, ["orders": ["read"]], client)
            #expect(made.status == 201)
            let key = Self.bearer(made)
            #expect(try await client.get("/api/orders", key).items.map { $0["id"] } == [.string(order)])
            #expect(try await client.post("/api/orders", ["note": "z"], key).outcome == "403 forbidden")
            #expect(try await client.delete("/api/orders/\(order)", key).status == 404)
            #expect(try await client.get("/api/notes", key).items.isEmpty)
            #expect(try await client.post("/api/notes", ["word": "x"], key).status == 403)
            let batch: JSON = ["operations": [["create": "notes", "values": ["word": "x"]]]]
            #expect(try await client.post("/api/batch", batch, key).status == 403)
            #expect(try await client.get("/api/users", key).items.isEmpty)
            let expanded = try await client.get("/api/orders?expand=customer", key).items.first
            #expect(expanded?["expanded"]?["customer"] ?? .null == .null)
            // A form takes what visitors send, in the name of the key's account.
            let all = Self.bearer(try await Self.make(ada, ["*": ["read", "create", "update", "delete"]], client))
            #expect(try await client.post("/api/notes", ["word": "x"], all).status == 201)
            #expect(try await client.delete("/api/orders/\(order)", all).status == 204)
        }
    }

    @Test func aKeyManagesNothing() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let key = Self.bearer(try await Self.make(ada, ["*": ["read", "create", "update", "delete"]], client))
            let wider: JSON = ["name": "wider", "scope": ["*": ["read"]], "password": .string(Client.password)]
            #expect(try await client.post("/auth/keys", wider, key).outcome == "403 forbidden")
            for path in ["/auth/keys", "/auth/sessions", "/auth/passkeys", "/auth/totp"] {
                #expect(try await client.get(path, key).outcome == "403 forbidden", "\(path)")
            }
            let change: JSON = ["password": .string(Client.password), "new_password": "a new good password"]
            #expect(try await client.post("/auth/password", change, key).status == 403)
            #expect(try await client.patch("/auth/me", ["name": "x"], key).status == 403)
            #expect(try await client.delete("/auth/sessions", key).status == 403)
            // Whose it is, it may ask.
            #expect(try await client.get("/auth/me", key).json["email"] == "ada@example.com")
            // And it is no cookie.
            let token = key.pairs[0].value.dropFirst("Bearer ".count)
            #expect(try await client.get("/api/notes", ["Cookie": "offstage_session=\(token)"]).status == 401)
        }
    }

    /// What a key may write must not lead to a session that may do more.
    @Test func aKeyOfAnOwnerMakesNoOwner() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            try await client.set("team", "owner", of: ada)
            let eve = try await client.signUp("eve@example.com")
            let key = Self.bearer(try await Self.make(ada, ["users": ["read", "update"]], client))
            #expect(try await client.patch("/api/users/\(eve.id)", ["team": "owner"], key).status == 422)
            #expect(try await client.patch("/api/users/\(ada.id)", ["team": "owner"], key).status == 422)
            #expect(try await client.get("/api/users", key).items.count == 1)
            #expect(try await client.get("/auth/me", eve.bearer).json["team"] == "none")
        }
    }

    @Test func aKeyEndsOnItsDayOrWhenItIsDeleted() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let lasting = try await Self.make(ada, ["notes": ["read"]], client)
            let short = try await Self.make(ada, ["notes": ["read"]], client, expires: "2026-11-23T00:00:00Z")
            #expect(try await client.get("/api/notes", Self.bearer(short)).status == 200)
            let list = try await client.get("/auth/keys", ada.bearer).items
            #expect(list.count == 2)
            #expect(list.allSatisfy { !$0.names.contains("token") })
            client.app.clock.advance(seconds: 86_400)
            #expect(try await client.get("/api/notes", Self.bearer(short)).status == 401)
            #expect(try await client.get("/api/notes", Self.bearer(lasting)).status == 200)
            #expect(try await client.delete("/auth/keys/\(lasting.id)", ada.bearer).status == 204)
            #expect(try await client.get("/api/notes", Self.bearer(lasting)).status == 401)
            #expect(try await client.delete("/auth/keys/\(lasting.id)", ada.bearer).status == 404)
        }
    }

    @Test(arguments: [
        (#"{"name":"k","scope":{}}"#, "/scope"), (#"{"name":"k"}"#, "/scope"), (#"{"name":"k","scope":[]}"#, "/scope"),
        (#"{"name":"k","scope":{"nothing":["read"]}}"#, "/scope"),
        (#"{"name":"k","scope":{"notes":["list"]}}"#, "/scope/notes"),
        (#"{"name":"k","scope":{"notes":"read"}}"#, "/scope/notes"), (#"{"scope":{"notes":["read"]}}"#, "/name"),
        (#"{"name":"k","scope":{"notes":["read"]},"expires":"soon"}"#, "/expires"),
        (#"{"name":"k","scope":{"notes":["read"]},"expires":"2020-01-01T00:00:00Z"}"#, "/expires"),
        (#"{"name":"k","scope":{"notes":["read"]},"extra":1}"#, "/extra"),
        (#"{"name":"k","scope":{"notes":["read"]}}"#, "/password"),
    ])
    func whatIsWrongWithAKeyIsNamed(body: String, pointer: String) async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let response = try await client.sendJSON("POST", "/auth/keys", body, ada.bearer)
            #expect(response.status == 422)
            #expect(response.json["errors"]?.elements.contains { $0["pointer"] == .string(pointer) } == true)
        }
    }

    @Test func aServiceAccountHasKeysAlone() async throws {
        try await withApp(Apps.accounts(signUp: "closed"), hasAccounts: true) { client in
            let accounts = try #require(client.app.accounts)
            let robot = try await accounts.add(
                email: "robot@example.com",
                name: "Robot",
                role: .none,
                fields: Input([("role", .texts(["staff"]))]),
                password: nil,
                by: .team("test")
            )
            let made = try await accounts.makeKey(
                name: "Nightly",
                scope: KeyScope(["orders": [.read]]),
                expires: nil,
                for: robot,
                by: .team("test")
            )
            let headers: Headers = ["Authorization": "Bearer \(made.token)"]
            #expect(try await client.get("/auth/me", headers).json["role"] == "staff")
            #expect(try await client.get("/api/orders", headers).status == 200)
            #expect(try await client.signIn("robot@example.com", password: "").status == 422)
            #expect(try await client.signIn("robot@example.com").status == 401)
        }
    }
}
