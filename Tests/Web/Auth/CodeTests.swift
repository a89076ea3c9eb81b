import OffstageAccounts
import OffstageSchema
import Testing

/// Codes of an authenticator app.
@Suite struct CodeTests {
    /// The code that an authenticator shows now, or some steps later.
    private static func code(_ secret: String, _ client: Client, steps: Int64 = 0) throws -> String {
        let bytes = try #require(Base32.decode(secret))
        return TOTP.code(of: TOTP.step(at: client.app.clock.now()) + steps, secret: bytes)
    }

    /// Switches codes on.
    private static func enroll(_ who: Somebody, _ client: Client) async throws -> (secret: String, recovery: [String]) {
        let setup = try await client.post("/auth/totp/setup", ["password": .string(Client.password)], who.bearer)
        let secret = try #require(setup.json["secret"]?.string)
        let confirmed = try await client.post(
            "/auth/totp/confirm",
            ["ticket": setup.json["ticket"] ?? .null, "code": .string(try code(secret, client))],
            who.bearer
        )
        #expect(confirmed.status == 200)
        client.app.clock.advance(seconds: 60)
        return (secret, confirmed.json["recovery_codes"]?.elements.compactMap(\.string) ?? [])
    }

    @Test func codesAreSwitchedOnWithTheFirstOfThem() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let other = Somebody(try await client.signIn("ada@example.com"))
            #expect(try await client.get("/auth/totp", ada.bearer).json["enabled"] == false)
            #expect(try await client.post("/auth/totp/setup", [:], ada.bearer).faults == ["/password required"])
            let setup = try await client.post("/auth/totp/setup", ["password": .string(Client.password)], ada.bearer)
            let uri = setup.json["uri"]?.string ?? ""
            #expect(uri.hasPrefix("otpauth://totp/Corner%20Shop:ada%40example.com?secret="))
            let ticket = setup.json["ticket"] ?? .null
            let wrong: JSON = ["ticket": ticket, "code": "000000"]
            #expect(try await client.post("/auth/totp/confirm", wrong, ada.bearer).faults == ["/code check"])
            #expect(try await client.signIn("ada@example.com").json["token"] != nil)
            let code = try Self.code(setup.json["secret"]?.string ?? "", client)
            let right: JSON = ["ticket": ticket, "code": .string(code)]
            let confirmed = try await client.post("/auth/totp/confirm", right, ada.bearer)
            #expect(confirmed.json["recovery_codes"]?.elements.count == 10)
            #expect(try await client.get("/auth/totp", ada.bearer).json["recovery_codes_left"] == 10)
            // A session that was opened without a code is over.
            #expect(try await client.get("/auth/me", other.bearer).status == 401)
            #expect(try await client.get("/auth/me", ada.bearer).status == 200)
            // The code that confirmed it is used up.
            #expect(try await client.signIn(code: code).faults == ["/code check"])
        }
    }

    @Test func aSignInTakesTwoSteps() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let (secret, _) = try await Self.enroll(ada, client)
            let first = try await client.signIn("ada@example.com")
            #expect(first.status == 200)
            #expect(first.json["needs"] == "totp")
            #expect(first.json["token"] == nil)
            #expect(first["Set-Cookie"] == nil)
            let ticket = first.json["ticket"] ?? .null
            #expect(try await client.get("/auth/me", ["Authorization": "Bearer \(ticket.string ?? "")"]).status == 401)
            let wrong = try await client.post("/auth/totp", ["ticket": ticket, "code": "123456"])
            #expect(wrong.faults == ["/code check"])
            let code = try Self.code(secret, client)
            let second = try await client.post("/auth/totp", ["ticket": ticket, "code": .string(code)])
            #expect(second.status == 200)
            #expect(try await client.get("/auth/me", Somebody(second).bearer).status == 200)
            // Neither the ticket nor the code works again.
            let next = try Self.code(secret, client, steps: 1)
            #expect(try await client.post("/auth/totp", ["ticket": ticket, "code": .string(next)]).status == 401)
            #expect(try await client.signIn(code: code).faults == ["/code check"])
            #expect(try await client.signIn(code: next).json["token"] != nil)
            // Both at once is fine too; a ticket is good for five minutes.
            let late = try await client.signIn("ada@example.com").json["ticket"] ?? .null
            client.app.clock.advance(seconds: 300)
            let later: JSON = ["ticket": late, "code": .string(try Self.code(secret, client))]
            #expect(try await client.post("/auth/totp", later).status == 401)
        }
    }

    @Test func ofManyAtOnceWithOneCodeOneGetsIn() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let (secret, _) = try await Self.enroll(ada, client)
            let code = try Self.code(secret, client)
            let results = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 1...8 {
                    group.addTask { try await client.signIn(code: code).json["token"] != nil }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.count { $0 } == 1)
        }
    }

    @Test func guessingCodesIsSlowedDown() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let (secret, _) = try await Self.enroll(ada, client)
            let ticket = try await client.signIn("ada@example.com").json["ticket"] ?? .null
            var outcomes: [String] = []
            for number in 0..<12 {
                let guess = String(100_000 + number)
                outcomes.append(
                    try await client.post("/auth/totp", ["ticket": ticket, "code": .string(guess)]).outcome
                )
            }
            #expect(outcomes.prefix(9).allSatisfy { $0 == "422 invalid" })
            #expect(outcomes.last == "429 rate_limited")
            // The right one does not help any more, until the time is over.
            let code = try Self.code(secret, client)
            #expect(try await client.post("/auth/totp", ["ticket": ticket, "code": .string(code)]).status == 429)
            client.app.clock.advance(seconds: 901)
            #expect(try await client.signIn(code: try Self.code(secret, client)).json["token"] != nil)
        }
    }

    @Test func aRecoveryCodeWorksOnce() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let (secret, recovery) = try await Self.enroll(ada, client)
            let code = try #require(recovery.first)
            #expect(try await client.signIn(code: code.uppercased()).json["token"] != nil)
            #expect(try await client.signIn(code: code).faults == ["/code check"])
            #expect(try await client.get("/auth/totp", ada.bearer).json["recovery_codes_left"] == 9)
            let renewed = try await client.post(
                "/auth/totp/recovery",
                ["code": .string(try Self.code(secret, client))],
                ada.bearer
            )
            #expect(renewed.json["recovery_codes"]?.elements.count == 10)
            #expect(try await client.signIn(code: recovery[1]).faults == ["/code check"])
        }
    }

    @Test func rulesMayAskForACodeOfTheLastMinutes() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            try await client.set("role", "staff", of: ada)
            let order = try await client.post("/api/orders", ["note": "x"], ada.bearer).id
            func change(_ text: String) async throws -> Int {
                try await client.patch("/api/orders/\(order)", ["note": .string(text)], ada.bearer).status
            }
            #expect(try await change("none") == 404)
            let (secret, _) = try await Self.enroll(ada, client)
            #expect(try await change("fresh") == 200)
            client.app.clock.advance(seconds: 5 * 60)
            #expect(try await change("stale") == 404)
            let code: JSON = ["code": .string(try Self.code(secret, client))]
            #expect(try await client.post("/auth/totp", code, ada.bearer).status == 204)
            #expect(try await change("again") == 200)
        }
    }

    @Test func codesAreSwitchedOffWithACode() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let (secret, _) = try await Self.enroll(ada, client)
            let setup = try await client.post("/auth/totp/setup", ["password": .string(Client.password)], ada.bearer)
            #expect(setup.outcome == "409 conflict")
            let wrong: JSON = ["code": "000000"]
            #expect(try await client.sendJSON("DELETE", "/auth/totp", wrong.text, ada.bearer).status == 422)
            let right: JSON = ["code": .string(try Self.code(secret, client))]
            #expect(try await client.sendJSON("DELETE", "/auth/totp", right.text, ada.bearer).status == 204)
            #expect(try await client.signIn("ada@example.com").json["token"] != nil)
        }
    }

    @Test func aLinkByMailDoesNotReplaceTheCode() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let verification = try #require(try await client.mails().first)
            _ = try await client.post("/auth/verify", ["token": .string(verification.token)])
            _ = try await Self.enroll(ada, client)
            _ = try await client.post("/auth/link", ["email": "ada@example.com"])
            let mail = try #require(try await client.mails().last)
            let entered = try await client.post("/auth/link", ["token": .string(mail.token)])
            #expect(entered.json["needs"] == "totp")
            _ = try await client.post("/auth/reset", ["email": "ada@example.com"])
            let reset = try #require(try await client.mails().last)
            let password: JSON = ["token": .string(reset.token), "password": "a new good password"]
            #expect(try await client.post("/auth/reset", password).status == 204)
            let after = try await client.signIn("ada@example.com", password: "a new good password")
            #expect(after.json["needs"] == "totp")
        }
    }
}

extension Client {
    fileprivate func signIn(code: String) async throws -> Response {
        try await post(
            "/auth/sign-in",
            ["email": "ada@example.com", "password": .string(Client.password), "code": .string(code)]
        )
    }
}
