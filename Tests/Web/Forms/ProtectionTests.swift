import OffstageRecords
import OffstageSchema
import Testing

/// Trap, limit and origins.
@Suite struct ProtectionTests {
    private static func app(limit: String = "1000/hour", more: String = "") -> String {
        """
        name: Protection
        \(more)
        collections:
          notes: {access: {}, fields: {word: {type: text, required: true}}}
        forms:
          note: {into: notes, fields: [word], limit: \(limit)}
          other: {into: notes, fields: [word], limit: \(limit)}
        """
    }

    @Test func whatFillsTheTrapIsThankedAndKeptAside() async throws {
        try await withApp(Self.app()) { client in
            let trapped = try await client.postAsBrowser(
                "/forms/note",
                "word=buy&_trap=http%3A%2F%2Fspam&more=x&more=y"
            )
            let honest = try await client.postAsBrowser("/forms/note", "word=hello&_trap=")
            #expect(trapped.status == 303)
            #expect(trapped["Location"] == honest["Location"])
            #expect(Set(trapped.headers.map(\.name)) == Set(honest.headers.map(\.name)))
            let json = try await client.post(
                "/forms/note",
                ["word": "buy", "_trap": "x"],
                ["Accept": "application/json"]
            )
            #expect(json.status == 201)
            #expect(try await client.journal().map { $0.after?["word"] } == ["hello"])
            let aside = try await client.app.records.asidePosts()
            #expect(aside.map(\.form) == ["note", "note"])
            #expect(aside.first?.address == "127.0.0.1")
            #expect(aside.first?.values == #"{"word":["buy"],"more":["x","y"]}"#)
        }
    }

    @Test func moreThanTheLimitIsTurnedAwayUntilThePeriodIsOver() async throws {
        try await withApp(Self.app(limit: "3/hour")) { client in
            for number in 1...3 {
                #expect(try await client.postAsBrowser("/forms/note", "word=\(number)").status == 303)
                client.app.clock.advance(seconds: 60)
            }
            let page = try await client.postAsBrowser("/forms/note", "word=4")
            #expect(page.status == 429)
            #expect(page["Content-Type"] == "text/html; charset=utf-8")
            #expect(page["Retry-After"] == "3420")
            #expect(page["RateLimit-Policy"] == "\"posts\";q=3;w=3600")
            #expect(page["RateLimit"] == "\"posts\";r=0;t=3420")
            #expect(page.text.contains("Please try again in 57 minutes."))
            #expect(page.text.contains("href=\"/forms/note\""))
            // The other form counts for itself.
            #expect(try await client.postAsBrowser("/forms/other", "word=5").status == 303)
            client.app.clock.advance(seconds: 3419)
            #expect(try await client.postAsBrowser("/forms/note", "word=6").status == 429)
            client.app.clock.advance(seconds: 1)
            for number in 7...9 {
                #expect(try await client.postAsBrowser("/forms/note", "word=\(number)").status == 303)
            }
            #expect(try await client.postAsBrowser("/forms/note", "word=10").status == 429)
            #expect(try await client.journal().count == 7)
        }
    }

    @Test func theLimitHoldsForJSONWithItsFields() async throws {
        try await withApp(Self.app(limit: "1/minute")) { client in
            let json: Headers = ["Accept": "application/json"]
            let first = try await client.postForm("/forms/note", "word=1", json)
            #expect(first.status == 201)
            let problem = try await client.postForm("/forms/note", "word=2", json)
            #expect(problem.outcome == "429 rate_limited")
            #expect(problem["Retry-After"] == "60")
            #expect(problem["RateLimit"] == "\"posts\";r=0;t=60")
            #expect(problem["RateLimit-Policy"] == "\"posts\";q=1;w=60")
        }
    }

    @Test func aForgedForwardingHeaderDoesNotChangeTheAddress() async throws {
        try await withApp(Self.app(limit: "2/hour")) { client in
            var statuses: [Int] = []
            for number in 1...4 {
                let headers: Headers = ["X-Forwarded-For": "10.0.0.\(number)", "Forwarded": "for=10.0.0.\(number)"]
                statuses.append(try await client.postAsBrowser("/forms/note", "word=\(number)", headers).status)
            }
            #expect(statuses == [303, 303, 429, 429])
        }
    }

    @Test func ofManyAtOnceTheLimitLetsThroughWhatItSays() async throws {
        try await withApp(Self.app(limit: "7/hour")) { client in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...40 {
                    group.addTask { try await client.postAsBrowser("/forms/note", "word=\(number)").status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 303 }.count == 7)
            #expect(statuses.filter { $0 == 429 }.count == 33)
            #expect(try await client.journal().count == 7)
        }
    }

    private static let origins: [(origin: String, site: String, isTaken: Bool)] = [
        ("own", "", true), ("own", "same-origin", true), ("https://www.shop.example", "cross-site", true),
        ("https://shop.example", "", true), ("", "", true), ("", "none", true), ("", "same-origin", true),
        ("", "cross-site", false), ("", "same-site", false), ("null", "", false),
        ("https://evil.example", "cross-site", false),
        ("http://www.shop.example", "", false), ("https://www.shop.example:8443", "", false),
        ("https://www.shop.example.evil.example", "", false), ("https://evilwww.shop.example", "", false),
        ("https://www.shop.example/", "", false), ("https://WWW.shop.example ", "", false),
        ("http://127.0.0.1", "", false),
        ("http://127.0.0.1:1", "", false), ("https://user@www.shop.example", "", false), ("file://", "", false),
        ("https://www.shop.example, https://evil.example", "", false), ("nonsense", "", false),
    ]

    @Test func onlyOwnAndListedOriginsMayPost() async throws {
        let more = "url: https://shop.example\norigins: [https://www.shop.example]"
        try await withApp(Self.app(more: more)) { client in
            var taken = 0
            for (origin, site, isTaken) in Self.origins {
                var headers: Headers = ["Accept": "text/html"]
                if !origin.isEmpty { headers = headers.adding("Origin", origin == "own" ? client.origin : origin) }
                if !site.isEmpty { headers = headers.adding("Sec-Fetch-Site", site) }
                let page = try await client.postForm("/forms/note", "word=x", headers)
                #expect(page.status == (isTaken ? 303 : 403), "\(origin) \(site)")
                if isTaken { taken += 1 }
            }
            #expect(try await client.journal().count == taken)
            let problem = try await client.postForm(
                "/forms/note",
                "word=x",
                ["Accept": "application/json", "Origin": "https://evil.example"]
            )
            #expect(problem.outcome == "403 forbidden")
        }
    }
}
