import OffstageRecords
import OffstageSchema
import OffstageStorage
import Testing

/// Deleting one's account.
@Suite struct OwnAccountTests {
    private static func delete(_ who: Somebody, _ client: Client, _ body: JSON) async throws -> Response {
        try await client.sendJSON("DELETE", "/auth/me", body.text, who.bearer)
    }

    @Test func anAccountGoesWithWhatBelongsToIt() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let bob = try await client.signUp("bob@example.com")
            let order = try await client.post("/api/orders", ["note": "x"], ada.bearer).id
            #expect(try await Self.delete(ada, client, [:]).faults == ["/password required"])
            #expect(try await Self.delete(ada, client, ["password": "not the password"]).faults == ["/password check"])
            #expect(try await Self.delete(ada, client, ["password": .string(Client.password)]).status == 204)
            #expect(try await client.get("/auth/me", ada.bearer).status == 401)
            #expect(try await client.signIn("ada@example.com").status == 401)
            try await client.set("role", "staff", of: bob)
            #expect(try await client.get("/api/orders/\(order)", bob.bearer).status == 404)
            #expect(try await client.journal().suffix(2).allSatisfy { $0.kind == "deleted" || $0.kind == "updated" })
            for table in ["_accounts", "_sessions", "_passkeys"] {
                let left = try await client.app.engine.read(.scan) { connection throws(StorageFailure) in
                    try connection.first(
                        "SELECT count(*) FROM \(SQL.Name(stored: table)) WHERE \(SQL.Name("user")) = \(.identifier(Identifier(ada.id) ?? Identifier(high: 0, low: 0)))"
                    ) { $0.integer(0) }
                }
                #expect(left == 0)
            }
            // The address is free again, for an account that has none of the former one's.
            let again = try await client.signUp("ada@example.com")
            #expect(again.id != ada.id)
        }
    }

    @Test func whatMustStayKeepsTheAccount() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let users = try #require(client.app.records.catalog.collection("invoices"))
            _ = try await client.app.records.create(
                Input([("payer", .texts([ada.id]))]),
                in: users,
                .init(by: .team("test")) { _ in .init(status: 201) }
            )
            let refused = try await Self.delete(ada, client, ["password": .string(Client.password)])
            #expect(refused.outcome == "409 conflict")
            #expect(try await client.get("/auth/me", ada.bearer).status == 200)
            #expect(try await client.signIn("ada@example.com").status == 200)
        }
    }

    @Test func ofTwoOwnersWhoLeaveAtOnceOneStays() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let bob = try await client.signUp("bob@example.com")
            for owner in [ada, bob] { try await client.set("team", "owner", of: owner) }
            let results = try await withThrowingTaskGroup(of: Int.self) { group in
                for owner in [ada, bob] {
                    group.addTask {
                        try await Self.delete(owner, client, ["password": .string(Client.password)]).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.sorted() == [204, 409])
        }
    }

    @Test func theOnlyOwnerStays() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            try await client.set("team", "owner", of: ada)
            #expect(
                try await Self.delete(ada, client, ["password": .string(Client.password)]).outcome == "409 conflict"
            )
            let bob = try await client.signUp("bob@example.com")
            try await client.set("team", "owner", of: bob)
            #expect(try await Self.delete(ada, client, ["password": .string(Client.password)]).status == 204)
        }
    }
}
