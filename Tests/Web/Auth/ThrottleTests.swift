import OffstageAccounts
import OffstageSchema
import OffstageStorage
import OffstageWeb
import Testing

/// Trying too often.
@Suite struct ThrottleTests {
    private static func wrong(_ client: Client, _ email: String, _ headers: Headers = [:]) async throws -> Response {
        try await client.signIn(email, password: "not the password", headers)
    }

    @Test func oneAccountFromOneAddress() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            try await client.signUp("ada@example.com")
            try await client.signUp("bob@example.com")
            for _ in 1...10 { #expect(try await Self.wrong(client, "ada@example.com").status == 401) }
            let refused = try await Self.wrong(client, "ADA@example.com")
            #expect(refused.outcome == "429 rate_limited")
            #expect(refused["Retry-After"] == "900")
            #expect(refused["RateLimit-Policy"] == "\"sign-in\";q=10;w=900")
            #expect(refused["RateLimit"] == "\"sign-in\";r=0;t=900")
            // The right password does not help, an account that does not exist looks the same, another is not touched.
            #expect(try await client.signIn("ada@example.com").status == 429)
            for _ in 1...10 { _ = try await Self.wrong(client, "nobody@example.com") }
            #expect(try await Self.wrong(client, "nobody@example.com").status == 429)
            #expect(try await client.signIn("bob@example.com").status == 200)
            client.app.clock.advance(seconds: 900)
            #expect(try await client.signIn("ada@example.com").status == 200)
        }
    }

    /// As when too many wait for a hash, or the server stops.
    @Test func whatCouldNotBeTriedIsNotCounted() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            try await client.signUp("ada@example.com")
            await client.app.accounts?.passwords.close()
            for _ in 1...12 { #expect(try await client.signIn("ada@example.com").status == 503) }
        }
    }

    @Test func whatComesOutWellIsNotCounted() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            try await client.signUp("ada@example.com")
            for _ in 1...30 { #expect(try await client.signIn("ada@example.com").status == 200) }
        }
    }

    @Test func onePasswordWithManyAccounts() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            var outcomes: [Int] = []
            for number in 1...62 {
                outcomes.append(try await Self.wrong(client, "person\(number)@example.com").status)
            }
            #expect(outcomes.prefix(60).allSatisfy { $0 == 401 })
            #expect(outcomes.suffix(2).allSatisfy { $0 == 429 })
        }
    }

    @Test func aForgedAddressIsNotBelieved() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            try await client.signUp("ada@example.com")
            for number in 1...10 {
                _ = try await Self.wrong(client, "ada@example.com", ["X-Forwarded-For": "203.0.113.\(number)"])
            }
            let forged = try await Self.wrong(client, "ada@example.com", ["X-Forwarded-For": "203.0.113.99"])
            #expect(forged.status == 429)
        }
        // A proxy that is listed is believed.
        let proxies = try TrustedProxies("127.0.0.1")
        try await withApp(Apps.accounts(), hasAccounts: true, proxies: proxies) { client in
            try await client.signUp("ada@example.com")
            for _ in 1...11 {
                _ = try await Self.wrong(client, "ada@example.com", ["X-Forwarded-For": "203.0.113.1"])
            }
            let same = try await Self.wrong(client, "ada@example.com", ["X-Forwarded-For": "203.0.113.1"])
            #expect(same.status == 429)
            let other = try await Self.wrong(client, "ada@example.com", ["X-Forwarded-For": "203.0.113.2"])
            #expect(other.status == 401)
        }
    }

    @Test func whoHammersLocksNobodyOut() async throws {
        let proxies = try TrustedProxies("127.0.0.1")
        try await withApp(Apps.accounts(), hasAccounts: true, proxies: proxies) { client in
            try await client.signUp("ada@example.com")
            for _ in 1...150 {
                _ = try await Self.wrong(client, "ada@example.com", ["X-Forwarded-For": "203.0.113.1"])
            }
            let own: Headers = ["X-Forwarded-For": "203.0.113.2"]
            #expect(try await client.signIn("ada@example.com", own).status == 200)
            // Nor does it fill the database.
            let before = try await client.app.engine.throttles()
            for number in 1...40 {
                _ = try await Self.wrong(client, "p\(number)@example.com", ["X-Forwarded-For": "203.0.113.3"])
            }
            for number in 41...200 {
                _ = try await Self.wrong(client, "p\(number)@example.com", ["X-Forwarded-For": "203.0.113.3"])
            }
            #expect(try await client.app.engine.throttles() - before < 150)
        }
    }

    @Test func mailsToOneAddress() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            try await client.signUp("ada@example.com")
            var outcomes: [Int] = []
            for number in 1...7 {
                let kind = number % 2 == 0 ? "reset" : "link"
                outcomes.append(try await client.post("/auth/\(kind)", ["email": "ada@example.com"]).status)
            }
            // The one of the sign-up counts too.
            #expect(outcomes == [202, 202, 202, 202, 429, 429, 429])
        }
    }

    @Test func signUpsFromOneAddress() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            for number in 1...50 { try await client.signUp("person\(number)@example.com") }
            let body: JSON = ["email": "one.more@example.com", "password": .string(Client.password)]
            #expect(try await client.post("/auth/sign-up", body).outcome == "429 rate_limited")
        }
    }

    @Test func aRestartForgetsNothing() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            for _ in 1...10 { _ = try await Self.wrong(client, "ada@example.com") }
            let kept = try await client.app.engine.read(.scan) { connection throws(StorageFailure) in
                try connection.all("SELECT \(SQL.Name("key")), \(SQL.Name("count")) FROM \(SQL.Name("_throttles"))") {
                    (key: $0.text(0), count: $0.integer(1))
                }
            }
            #expect(kept.count { $0.count == 10 } == 3)
            #expect(kept.allSatisfy { !$0.key.contains("ada") })
        }
    }
}

extension Engine {
    fileprivate func throttles() async throws -> Int64 {
        try await read(.scan) { connection throws(StorageFailure) in
            try connection.first("SELECT count(*) FROM \(SQL.Name("_throttles"))") { $0.integer(0) } ?? 0
        }
    }
}
