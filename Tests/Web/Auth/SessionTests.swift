import OffstageAccounts
import OffstageSchema
import Testing

/// Sessions: who they let in, and when they end.
@Suite struct SessionTests {
    @Test func credentialsThatAreWrongAreNeverAVisitors() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            for headers in [
                ["Authorization": "Bearer nonsense"], ["Authorization": "Bearer "], ["Authorization": "Basic YTpi"],
                ["Cookie": "offstage_session=nonsense"], ["Authorization": "nonsense"],
            ] as [Headers] {
                for path in ["/api/notes", "/api/orders", "/api/nothing", "/forms/note"] {
                    let response = try await client.get(path, headers)
                    #expect(response.status == 401, "\(path) \(headers.pairs)")
                    #expect(response["WWW-Authenticate"] == "Bearer")
                }
                #expect(try await client.post("/api/notes", ["word": "x"], headers).status == 401)
            }
            // A browser forgets it, and may go on as the visitor that it is.
            let ended = try await client.get("/forms/note", ["Cookie": "offstage_session=x", "Accept": "text/html"])
            #expect(ended.status == 401)
            #expect(ended["Set-Cookie"]?.hasPrefix("offstage_session=; Path=/; Max-Age=0") == true)
            #expect(ended.text.contains("Your session has ended"))
            #expect(try await client.get("/auth/sign-in", ["Cookie": "offstage_session=x"]).status == 200)
        }
    }

    @Test func aSessionEndsWhereItsOwnerSaysSo() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let first = try await client.signUp("ada@example.com")
            let second = Somebody(try await client.signIn("ada@example.com"))
            let third = Somebody(try await client.signIn("ada@example.com"))
            let eve = try await client.signUp("eve@example.com")
            let list = try await client.get("/auth/sessions", second.bearer).items
            #expect(list.count == 3)
            #expect(list.count { $0["current"] == true } == 1)
            #expect(list.allSatisfy { $0["address"] == "127.0.0.1" })
            #expect(list.allSatisfy { !$0.names.contains("token") })
            let current = try #require(list.first { $0["current"] == true }?["id"]?.string)
            // Another's is as if it were not there.
            #expect(try await client.delete("/auth/sessions/\(current)", eve.bearer).status == 404)
            #expect(try await client.delete("/auth/sessions/\(Apps.absentID)", eve.bearer).status == 404)
            #expect(try await client.delete("/auth/sessions", second.bearer).status == 204)
            #expect(try await client.get("/auth/me", first.bearer).status == 401)
            #expect(try await client.get("/auth/me", third.bearer).status == 401)
            #expect(try await client.get("/auth/me", second.bearer).status == 200)
            #expect(try await client.delete("/auth/sessions/\(current)", second.bearer).status == 204)
            #expect(try await client.get("/auth/me", second.bearer).status == 401)
            #expect(try await client.post("/auth/sign-out", [:], eve.bearer).status == 204)
            #expect(try await client.get("/auth/me", eve.bearer).status == 401)
            #expect(try await client.post("/auth/sign-out", [:]).status == 204)
        }
    }

    @Test func aSignInEndsTheSessionThatItCameWith() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let again = Somebody(try await client.signIn("ada@example.com", ada.cookie))
            #expect(again.token != ada.token)
            #expect(try await client.get("/auth/me", ada.bearer).status == 401)
            #expect(try await client.get("/auth/me", again.bearer).status == 200)
        }
    }

    @Test func aSessionEndsWithoutUseAndInTheEndAnyway() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            client.app.clock.advance(seconds: 29 * 86_400)
            #expect(try await client.get("/auth/me", ada.bearer).status == 200)
            client.app.clock.advance(seconds: 29 * 86_400)
            #expect(try await client.get("/auth/me", ada.bearer).status == 200)
            client.app.clock.advance(seconds: 31 * 86_400)
            #expect(try await client.get("/auth/me", ada.bearer).status == 401)
            let again = Somebody(try await client.signIn("ada@example.com"))
            for _ in 1...8 {
                client.app.clock.advance(seconds: 20 * 86_400)
                #expect(try await client.get("/auth/me", again.bearer).status == 200)
            }
            client.app.clock.advance(seconds: 21 * 86_400)
            #expect(try await client.get("/auth/me", again.bearer).status == 401)
        }
    }

    @Test func whoIsSuspendedIsOutAtOnce() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let accounts = try #require(client.app.accounts)
            let id = try #require(Identifier(ada.id))
            try await accounts.suspend(true, id, by: .team("test"))
            #expect(try await client.get("/auth/me", ada.bearer).status == 401)
            #expect(try await client.get("/api/notes", ada.bearer).status == 401)
            #expect(try await client.signIn("ada@example.com").outcome == "403 forbidden")
            #expect(try await client.signIn("ada@example.com", password: "not the password").status == 401)
            #expect(try await client.post("/auth/reset", ["email": "ada@example.com"]).status == 202)
            #expect(try await client.mails().count == 1)
            try await accounts.suspend(false, id, by: .team("test"))
            #expect(try await client.signIn("ada@example.com").status == 200)
            // The team may do the same by the record alone.
            let again = Somebody(try await client.signIn("ada@example.com"))
            try await client.set("suspended", "true", of: again)
            #expect(try await client.get("/auth/me", again.bearer).status == 401)
        }
    }

    @Test func aChangedPasswordEndsTheOtherSessions() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let other = Somebody(try await client.signIn("ada@example.com"))
            let wrong: JSON = ["password": "not the password", "new_password": "a new good password"]
            #expect(try await client.post("/auth/password", wrong, ada.bearer).faults == ["/password check"])
            let missing: JSON = ["new_password": "a new good password"]
            #expect(try await client.post("/auth/password", missing, ada.bearer).faults == ["/password required"])
            let short: JSON = ["password": .string(Client.password), "new_password": "short"]
            #expect(try await client.post("/auth/password", short, ada.bearer).faults == ["/new_password min"])
            let right: JSON = ["password": .string(Client.password), "new_password": "a new good password"]
            #expect(try await client.post("/auth/password", right, ada.bearer).status == 204)
            #expect(try await client.get("/auth/me", ada.bearer).status == 200)
            #expect(try await client.get("/auth/me", other.bearer).status == 401)
            #expect(try await client.signIn("ada@example.com").status == 401)
            #expect(try await client.signIn("ada@example.com", password: "a new good password").status == 200)
            #expect(try await client.mails().last?.to == "ada@example.com")
        }
    }

    @Test func rulesSeeTheAccount() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let bob = try await client.signUp("bob@example.com")
            #expect(try await client.post("/api/orders", ["note": "x"]).status == 401)
            let order = try await client.post("/api/orders", ["note": "tea"], ada.bearer)
            #expect(order.json["customer"] == .string(ada.id))
            #expect(try await client.post("/api/orders", ["customer": .string(ada.id)], bob.bearer).status == 422)
            #expect(try await client.get("/api/orders", ada.bearer).items.count == 1)
            #expect(try await client.get("/api/orders", bob.bearer).items.isEmpty)
            #expect(try await client.get("/api/orders/\(order.id)", bob.bearer).status == 404)
            try await client.set("role", "staff", of: bob)
            #expect(try await client.get("/api/orders", bob.bearer).items.count == 1)
            let expanded = try await client.get("/api/orders?expand=customer", ada.bearer).items.first
            #expect(expanded?["expanded"]?["customer"]?["email"] == "ada@example.com")
            // Staff may read the order and not the account.
            let staff = try await client.get("/api/orders?expand=customer", bob.bearer).items.first
            #expect(staff?["expanded"]?["customer"] ?? .null == .null)
            let journal = try await client.journal()
            #expect(journal.last { $0.collection == "orders" }?.actor == "account:\(ada.id)")
            // A right that was taken away is gone with the next request.
            try await client.set("role", "customer", of: bob)
            #expect(try await client.get("/api/orders", bob.bearer).items.isEmpty)
        }
    }
}
