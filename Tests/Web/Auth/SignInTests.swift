import OffstageAccounts
import OffstageSchema
import OffstageStorage
import Testing

/// Signing up, in and out.
@Suite struct SignInTests {
    @Test func anAccountIsMadeAndSignedIn() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let made = try await client.post(
                "/auth/sign-up",
                [
                    "email": "Ada@Example.com", "password": .string(Client.password), "name": "Ada",
                    "nickname": "countess",
                ]
            )
            #expect(made.status == 201)
            #expect(made["Cache-Control"] == "no-store")
            let user = made.json["user"]
            #expect(user?["email"] == "Ada@Example.com")
            #expect(user?["name"] == "Ada")
            #expect(user?["nickname"] == "countess")
            #expect(user?["verified"] == false)
            #expect(user?["team"] == "none")
            #expect(user?["role"] == "customer")
            #expect(user?["suspended"] == nil)
            let somebody = Somebody(made)
            #expect(somebody.token.utf8.count == 43)
            #expect(try await client.get("/auth/me", somebody.bearer).json == user)
            #expect(try await client.get("/api/users/\(somebody.id)", somebody.bearer).json == user)
            let again = try await client.signIn("ada@example.COM")
            #expect(again.status == 200)
            #expect(again.json["user"] == user)
            #expect(try await client.mails().map(\.to) == ["Ada@Example.com"])
        }
    }

    @Test func noDoorReadsWhatIsSecret() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            for path in [
                "/api/_accounts", "/api/_sessions", "/api/_tickets", "/api/_mail", "/api/users?fields=password",
            ] {
                #expect(try await client.get(path, ada.bearer).status >= 400, "\(path)")
            }
            let kept = try await client.app.engine.read(.scan) { connection throws(StorageFailure) in
                try connection.all("SELECT \(SQL.Name("token")) FROM \(SQL.Name("_sessions"))") { $0.text(0) }
            }
            #expect(kept == [Token(ada.token).hash])
            let hash = try await client.app.engine.read(.scan) { connection throws(StorageFailure) in
                try connection.all("SELECT \(SQL.Name("password")) FROM \(SQL.Name("_accounts"))") { $0.text(0) }
            }
            #expect(hash.allSatisfy { $0.hasPrefix("$argon2id$v=19$") })
        }
    }

    @Test func whatNobodyMaySetIsRefused() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            for (field, value) in [
                ("role", "staff"), ("team", "owner"), ("verified", true), ("suspended", false), ("version", 3),
                ("id", .string(Apps.absentID)),
                ("nonsense", 1),
            ] as [(String, JSON)] {
                let body: JSON = .object([
                    .init("email", "eve@example.com"), .init("password", .string(Client.password)), .init(field, value),
                ])
                let response = try await client.post("/auth/sign-up", body)
                #expect(response.status == 422, "\(field)")
                #expect(response.json["errors"]?.elements.first?["pointer"] == .string("/\(field)"))
            }
            let eve = try await client.signUp("eve@example.com")
            for (field, value) in [
                ("role", "staff"), ("team", "owner"), ("email", "x@example.com"), ("verified", true),
            ]
                as [(String, JSON)]
            {
                let patch: JSON = .object([.init(field, value)])
                #expect(try await client.patch("/auth/me", patch, eve.bearer).status == 422, "\(field)")
                #expect(try await client.patch("/api/users/\(eve.id)", patch, eve.bearer).status == 422, "\(field)")
            }
            #expect(try await client.patch("/auth/me", ["name": "Eve"], eve.bearer).json["name"] == "Eve")
            #expect(try await client.post("/api/users", ["email": "x@example.com"], eve.bearer).status >= 400)
            #expect(try await client.delete("/api/users/\(eve.id)", eve.bearer).status == 404)
        }
    }

    @Test func anotherAccountIsAsIfItWereNotThere() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let eve = try await client.signUp("eve@example.com")
            #expect(try await client.get("/api/users/\(ada.id)", eve.bearer).status == 404)
            #expect(try await client.patch("/api/users/\(ada.id)", ["name": "x"], eve.bearer).status == 404)
            #expect(try await client.get("/api/users", eve.bearer).items.map { $0["id"] } == [.string(eve.id)])
            #expect(try await client.get("/api/users").items.isEmpty)
            // An owner sees and changes all, and nobody else makes owners.
            try await client.set("team", "owner", of: ada)
            #expect(try await client.get("/api/users", ada.bearer).items.count == 2)
            let raised = try await client.patch("/api/users/\(eve.id)", ["team": "editor"], ada.bearer)
            #expect(raised.json["team"] == "editor")
            #expect(try await client.patch("/auth/me", ["team": "owner"], eve.bearer).status == 422)
            // Nor does the last one leave the app without one.
            #expect(try await client.patch("/auth/me", ["team": "none"], ada.bearer).status == 422)
            #expect(try await client.patch("/api/users/\(ada.id)", ["team": "none"], ada.bearer).status == 422)
        }
    }

    @Test(arguments: [
        ("", "correct horse battery", "/email"), ("ada", "correct horse battery", "/email"),
        ("ada@example.com", "short", "/password"), ("ada@example.com", "", "/password"),
        ("ada@example.com", "password123", "/password"), ("ada@example.com", "ada@example.com", "/password"),
        ("ada@example.com", String(repeating: "x", count: 1025), "/password"),
        ("ada@example.com\r\nBcc: eve@example.com", "correct horse battery", "/email"),
    ])
    func badAddressesAndPasswordsAreNamed(email: String, password: String, pointer: String) async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let body: JSON = ["email": .string(email), "password": .string(password)]
            let response = try await client.post("/auth/sign-up", body)
            #expect(response.outcome == "422 invalid")
            #expect(response.json["errors"]?.elements.map { $0["pointer"] } == [.string(pointer)])
            #expect(try await client.mails().isEmpty)
        }
    }

    @Test func oneAddressHasOneAccount() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            try await client.signUp("ada@example.com")
            let other = try await client.post(
                "/auth/sign-up",
                ["email": "ADA@example.com", "password": "another good password"]
            )
            #expect(other.outcome == "409 conflict")
            #expect(other.faults == ["/email unique"])
            // A double click, or a repeat after an answer was lost.
            let same = try await client.post(
                "/auth/sign-up",
                ["email": "ada@example.com", "password": .string(Client.password)]
            )
            #expect(same.status == 201)
            #expect(try await client.mails().count == 1)
            // Of many at once, one makes it.
            let results = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...8 {
                    group.addTask {
                        try await client.post(
                            "/auth/sign-up",
                            ["email": "bob@example.com", "password": .string("a password of number \(number)")]
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.count { $0 == 201 } == 1)
            #expect(results.count { $0 == 409 } == 7)
        }
    }

    @Test func whoIsUnknownAndWhoIsWrongLookAlike() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            try await client.signUp("ada@example.com")
            let wrong = try await client.signIn("ada@example.com", password: "not the password")
            let unknown = try await client.signIn("bob@example.com", password: "not the password")
            let noAddress = try await client.signIn("bob", password: "not the password")
            for response in [wrong, unknown, noAddress] {
                #expect(response.outcome == "401 unauthenticated")
                #expect(response["WWW-Authenticate"] == "Bearer")
                #expect(response.json["detail"] == wrong.json["detail"])
                #expect(response["Set-Cookie"] == nil)
                #expect(Set(response.headers.map(\.name)) == Set(wrong.headers.map(\.name)))
            }
        }
    }

    @Test func signUpFollowsTheAppFile() async throws {
        for (word, status) in [("closed", 403), ("invite", 403)] {
            try await withApp(Apps.accounts(signUp: word), hasAccounts: true) { client in
                let body: JSON = ["email": "ada@example.com", "password": .string(Client.password)]
                #expect(try await client.post("/auth/sign-up", body).status == status)
                let page = try await client.get("/auth/sign-up", ["Accept": "text/html"])
                #expect(page.status == 403)
                #expect(page.text.contains("Ask whoever runs this site"))
            }
        }
    }

    @Test func anInvitationMakesOneAccount() async throws {
        try await withApp(Apps.accounts(signUp: "invite"), hasAccounts: true) { client in
            let accounts = try #require(client.app.accounts)
            let link = try await accounts.invite("ada@example.com", as: .editor, language: "de", by: .team("test"))
            let mail = try #require(try await client.mails().first)
            #expect(mail.to == "ada@example.com")
            #expect(mail.link == link)
            let page = try await client.get("/auth/sign-up?invite=\(mail.token)", ["Accept": "text/html"])
            #expect(page.status == 200)
            #expect(page.text.contains("value=\"ada@example.com\""))
            let other: JSON = [
                "email": "eve@example.com", "password": .string(Client.password), "invite": .string(mail.token),
            ]
            #expect(try await client.post("/auth/sign-up", other).faults == ["/email check"])
            let right: JSON = [
                "email": "ada@example.com", "password": .string(Client.password), "invite": .string(mail.token),
            ]
            let made = try await client.post("/auth/sign-up", right)
            #expect(made.status == 201)
            #expect(made.json["user"]?["team"] == "editor")
            #expect(made.json["user"]?["verified"] == true)
            let again: JSON = [
                "email": "ada@example.com", "password": .string(Client.password), "invite": .string(mail.token),
            ]
            #expect(try await client.post("/auth/sign-up", again).status == 401)
        }
    }

    @Test func theFirstOwnersLinkWorksUntilThereIsOne() async throws {
        try await withApp(Apps.accounts(signUp: "closed"), hasAccounts: true) { client in
            let accounts = try #require(client.app.accounts)
            let former = try #require(try await accounts.firstOwnerLink())
            let link = try #require(try await accounts.firstOwnerLink())
            func body(_ link: String) -> JSON {
                let token = String(link[link.index(after: link.lastIndex(of: "=") ?? link.startIndex)...])
                return ["email": "ada@example.com", "password": .string(Client.password), "invite": .string(token)]
            }
            #expect(try await client.post("/auth/sign-up", body(former)).status == 401)
            let made = try await client.post("/auth/sign-up", body(link))
            #expect(made.json["user"]?["team"] == "owner")
            #expect(try await accounts.firstOwnerLink() == nil)
        }
        // One that was printed is void once there is an owner, however they came.
        try await withApp(Apps.accounts(signUp: "closed"), hasAccounts: true) { client in
            let accounts = try #require(client.app.accounts)
            let link = try #require(try await accounts.firstOwnerLink())
            _ = try await accounts.add(
                email: "boss@example.com",
                name: "",
                role: .owner,
                password: Client.password,
                by: .team("test")
            )
            let token = String(link[link.index(after: link.lastIndex(of: "=") ?? link.startIndex)...])
            let body: JSON = [
                "email": "eve@example.com", "password": .string(Client.password), "invite": .string(token),
            ]
            #expect(try await client.post("/auth/sign-up", body).status == 401)
        }
    }

    @Test func aPasswordOf10MegabytesIsNotRead() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let body = "{\"email\":\"ada@example.com\",\"password\":\"\(String(repeating: "x", count: 10_000_000))\"}"
            let response = try await client.sendJSON("POST", "/auth/sign-in", body)
            #expect(response.outcome == "400 malformed")
        }
    }

    @Test func aHashWhoseCostHasRisenIsMadeAnew() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            try await client.signUp("ada@example.com")
            // The test's own parameters are below those that are asked for, so that each sign-in hashes anew.
            let before = try await client.passwordHash()
            #expect(PasswordHash.needsRehash(before))
            #expect(try await client.signIn("ada@example.com").status == 200)
            #expect(try await client.passwordHash() != before)
            #expect(try await client.signIn("ada@example.com").status == 200)
        }
    }
}

extension Client {
    fileprivate func passwordHash() async throws -> String {
        try await app.engine.read(.scan) { connection throws(StorageFailure) in
            try connection.first("SELECT \(SQL.Name("password")) FROM \(SQL.Name("_accounts"))") { $0.text(0) } ?? ""
        }
    }
}
