import OffstageAccounts
import OffstageSchema
import Testing

/// What comes by mail: confirming an address, another password, signing in, another address.
@Suite struct MailLinkTests {
    /// The mails since a count of them.
    private func mails(_ client: Client, after count: Int) async throws -> [SentMail] {
        Array(try await client.mails().dropFirst(count))
    }

    @Test func anAddressIsConfirmedOnce() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let first = try #require(try await client.mails().first)
            #expect(first.link.hasPrefix("\(AccountsUnderTest.base)/auth/verify?token="))
            #expect(try await client.post("/auth/verify", [:], ada.bearer).status == 202)
            let second = try #require(try await mails(client, after: 1).first)
            // The newest counts.
            #expect(try await client.post("/auth/verify", ["token": .string(first.token)]).status == 401)
            // To look at the page, as mail programs do, changes nothing.
            let page = try await client.get("/auth/verify?token=\(second.token)", ["Accept": "text/html"])
            #expect(page.status == 200)
            #expect(try await client.get("/auth/me", ada.bearer).json["verified"] == false)
            #expect(try await client.post("/auth/verify", ["token": .string(second.token)]).status == 204)
            #expect(try await client.get("/auth/me", ada.bearer).json["verified"] == true)
            #expect(try await client.post("/auth/verify", ["token": .string(second.token)]).status == 401)
            #expect(try await client.post("/auth/verify", [:], ada.bearer).status == 202)
            #expect(try await client.mails().count == 2)
            #expect(try await client.post("/auth/verify", [:]).status == 401)
        }
    }

    @Test(arguments: ["reset", "link"])
    func aLinkWorksOnceInParallelTooAndExpires(kind: String) async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            try await client.signUp("ada@example.com")
            func use(_ mail: SentMail) async throws -> Int {
                var body: [JSON.Member] = [.init("token", .string(mail.token))]
                if kind == "reset" { body.append(.init("password", "a new good password")) }
                return try await client.post("/auth/\(kind)", .object(body)).status
            }
            #expect(try await client.post("/auth/\(kind)", ["email": "ADA@example.com"]).status == 202)
            let mail = try #require(try await mails(client, after: 1).first)
            let results = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...12 { group.addTask { try await use(mail) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.count { $0 < 300 } == 1)
            #expect(results.count { $0 == 401 } == 11)
            // Time goes by.
            #expect(try await client.post("/auth/\(kind)", ["email": "ada@example.com"]).status == 202)
            let late = try #require(try await mails(client, after: kind == "reset" ? 3 : 2).first)
            client.app.clock.advance(seconds: kind == "reset" ? 3600 : 900)
            #expect(try await use(late) == 401)
        }
    }

    @Test func whetherThereIsAnAccountIsNotTold() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            try await client.signUp("ada@example.com")
            for kind in ["reset", "link"] {
                let known = try await client.post("/auth/\(kind)", ["email": "ada@example.com"])
                let unknown = try await client.post("/auth/\(kind)", ["email": "bob@example.com"])
                #expect(known.status == 202)
                #expect(unknown.status == 202)
                #expect(known.body == unknown.body)
            }
            #expect(try await client.mails().allSatisfy { $0.to == "ada@example.com" })
        }
    }

    @Test func anotherPasswordEndsAllSessionsAndKeepsTheCode() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            _ = try await client.post("/auth/reset", ["email": "ada@example.com"])
            let mail = try #require(try await mails(client, after: 1).first)
            let short: JSON = ["token": .string(mail.token), "password": "short"]
            #expect(try await client.post("/auth/reset", short).faults == ["/password min"])
            let right: JSON = ["token": .string(mail.token), "password": "a new good password"]
            #expect(try await client.post("/auth/reset", right).status == 204)
            #expect(try await client.get("/auth/me", ada.bearer).status == 401)
            #expect(try await client.signIn("ada@example.com").status == 401)
            let again = try await client.signIn("ada@example.com", password: "a new good password")
            #expect(again.status == 200)
            #expect(again.json["user"]?["verified"] == true)
        }
    }

    /// Whoever signs up with somebody else's address must not be in their account when they come.
    @Test func whatAStrangerLeftInAnUnprovenAccountIsGone() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let stranger = try await client.signUp("ada@example.com")
            let key: JSON = ["name": "k", "scope": ["orders": ["read"]], "password": .string(Client.password)]
            let made = try await client.post("/auth/keys", key, stranger.bearer)
            let token = made.json["token"]?.string ?? ""
            _ = try await client.post("/auth/link", ["email": "ada@example.com"])
            let mail = try #require(try await mails(client, after: 1).first)
            let own = Somebody(try await client.post("/auth/link", ["token": .string(mail.token)]))
            #expect(try await client.get("/auth/me", own.bearer).json["verified"] == true)
            #expect(try await client.get("/auth/me", stranger.bearer).status == 401)
            #expect(try await client.get("/auth/me", ["Authorization": "Bearer \(token)"]).status == 401)
            #expect(try await client.signIn("ada@example.com").status == 401)
        }
    }

    /// What somebody who was in began must not undo what puts them out.
    @Test(arguments: ["reset", "change"])
    func anotherPasswordEndsWhatWasBegun(how: String) async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let verification = try #require(try await client.mails().first)
            _ = try await client.post("/auth/verify", ["token": .string(verification.token)], ada.bearer)
            let intruder = Somebody(try await client.signIn("ada@example.com"))
            let change: JSON = ["email": "eve@example.com", "password": .string(Client.password)]
            #expect(try await client.post("/auth/email", change, intruder.bearer).status == 202)
            let pending = try #require(try await client.mails().last)
            _ = try await client.post("/auth/link", ["email": "ada@example.com"])
            let link = try #require(try await client.mails().last)
            let key: JSON = ["name": "k", "scope": ["*": ["read"]], "password": .string(Client.password)]
            let made = try await client.post("/auth/keys", key, intruder.bearer).json["token"]?.string ?? ""
            if how == "reset" {
                _ = try await client.post("/auth/reset", ["email": "ada@example.com"])
                let mail = try #require(try await client.mails().last)
                let body: JSON = ["token": .string(mail.token), "password": "a new good password"]
                #expect(try await client.post("/auth/reset", body).status == 204)
                #expect(try await client.get("/auth/me", ["Authorization": "Bearer \(made)"]).status == 401)
            } else {
                let body: JSON = ["password": .string(Client.password), "new_password": "a new good password"]
                #expect(try await client.post("/auth/password", body, ada.bearer).status == 204)
            }
            #expect(try await client.get("/auth/me", intruder.bearer).status == 401)
            #expect(try await client.post("/auth/verify", ["token": .string(pending.token)]).status == 401)
            #expect(try await client.post("/auth/link", ["token": .string(link.token)]).status == 401)
            let again = try await client.signIn("ada@example.com", password: "a new good password")
            #expect(again.json["user"]?["email"] == "ada@example.com")
        }
    }

    @Test func whoeverConfirmsElsewhereClosesOtherWaysIn() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let stranger = try await client.signUp("ada@example.com")
            let key: JSON = ["name": "k", "scope": ["*": ["read"]], "password": .string(Client.password)]
            let made = try await client.post("/auth/keys", key, stranger.bearer).json["token"]?.string ?? ""
            let mail = try #require(try await client.mails().first)
            #expect(try await client.post("/auth/verify", ["token": .string(mail.token)]).status == 204)
            #expect(try await client.get("/auth/me", ["Authorization": "Bearer \(made)"]).status == 401)
            #expect(try await client.get("/auth/me", stranger.bearer).json["verified"] == true)
        }
    }

    @Test func linksStartWithTheConfiguredAddress() async throws {
        let app = Apps.accounts(more: "url: https://shop.example")
        try await withApp(app, hasAccounts: true) { client in
            try await client.signUp("ada@example.com")
            let connection = try await client.connect()
            let body = #"{"email":"ada@example.com"}"#
            try await connection.send(
                "POST /auth/reset HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n"
                    + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            #expect(try await connection.response(to: "POST").status == 202)
            for mail in try await client.mails() {
                #expect(mail.link.hasPrefix("https://shop.example/auth/"))
                #expect(!mail.text.contains("evil"))
            }
        }
    }

    @Test func anotherAddressIsTakenWhenItsMailIsAnswered() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            try await client.signUp("bob@example.com")
            let wrong: JSON = ["email": "countess@example.com", "password": "not the password"]
            #expect(try await client.post("/auth/email", wrong, ada.bearer).faults == ["/password check"])
            let right: JSON = ["email": "countess@example.com", "password": .string(Client.password)]
            #expect(try await client.post("/auth/email", right, ada.bearer).status == 202)
            let mail = try #require(try await mails(client, after: 2).first)
            #expect(mail.to == "countess@example.com")
            #expect(try await client.get("/auth/me", ada.bearer).json["email"] == "ada@example.com")
            #expect(try await client.post("/auth/verify", ["token": .string(mail.token)]).status == 204)
            let me = try await client.get("/auth/me", ada.bearer).json
            #expect(me["email"] == "countess@example.com")
            #expect(me["verified"] == true)
            #expect(try await client.mails().last?.to == "ada@example.com")
            #expect(try await client.signIn("countess@example.com").status == 200)
            // One that is taken looks the same from outside; its owner is told.
            let taken: JSON = ["email": "bob@example.com", "password": .string(Client.password)]
            #expect(try await client.post("/auth/email", taken, ada.bearer).status == 202)
            #expect(try await client.mails().last?.to == "bob@example.com")
        }
    }

    @Test func mailsAreInTheLanguageOfWhoAsked() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let body: JSON = ["email": "ada@example.com", "password": .string(Client.password)]
            _ = try await client.post("/auth/sign-up", body, ["Accept-Language": "de-AT,de;q=0.9,en;q=0.5"])
            _ = try await client.post("/auth/reset", ["email": "ada@example.com"], ["Accept-Language": "en"])
            try await client.signUp("bob@example.com")
            let mails = try await client.mails()
            #expect(mails[0].text.contains("Guten Tag") || mails[0].text.contains("Hallo"))
            // The account's language, whoever asks.
            #expect(mails[1].text.contains("Passwort"))
            #expect(mails[2].text.contains("Hello"))
        }
    }
}
