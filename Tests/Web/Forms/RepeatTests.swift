import OffstageSchema
import Testing

/// The one-time key of a form's page.
@Suite struct RepeatTests {
    private static let app = """
        name: Repeat
        collections:
          notes: {access: {}, fields: {word: {type: text, required: true}}}
        forms:
          note: {into: notes, fields: [word], limit: 1000/hour}
        """

    @Test func aDoubleClickStoresOneRecord() async throws {
        try await withApp(Self.app) { client in
            let key = try #require(try await client.get("/forms/note").formKey)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...30 {
                    group.addTask { try await client.postAsBrowser("/forms/note", "_key=\(key)&word=x").status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { $0 == 303 })
            #expect(try await client.journal().count == 1)
        }
    }

    @Test func aReloadHoursLaterStoresNothingMore() async throws {
        try await withApp(Self.app) { client in
            let key = try #require(try await client.get("/forms/note").formKey)
            for hours in [0, 1, 22] {
                client.app.clock.advance(seconds: Int64(hours) * 3600)
                let again = try await client.postAsBrowser("/forms/note", "_key=\(key)&word=x")
                #expect(again.status == 303)
                #expect(again["Location"] == "/forms/note/thanks")
            }
            #expect(try await client.journal().count == 1)
        }
    }

    @Test func whatWasWrittenAnewAfterGoingBackIsStoredToo() async throws {
        try await withApp(Self.app) { client in
            let key = try #require(try await client.get("/forms/note").formKey)
            for word in ["first", "second", "first"] {
                #expect(try await client.postAsBrowser("/forms/note", "_key=\(key)&word=\(word)").status == 303)
            }
            #expect(try await client.journal().map { $0.after?["word"] } == ["first", "second"])
        }
    }

    @Test func postsWithoutAKeyAreEachTheirOwn() async throws {
        try await withApp(Self.app) { client in
            let first = try await client.postAsBrowser("/forms/note", "word=x")
            #expect(first.status == 303)
            for key in ["", "%20", "a%00b", String(repeating: "k", count: 65)] {
                #expect(try await client.postAsBrowser("/forms/note", "_key=\(key)&word=x").status == 303, "\(key)")
            }
            #expect(try await client.journal().count == 5)
        }
    }

    @Test func theHeaderWorksForFormsToo() async throws {
        try await withApp(Self.app) { client in
            let headers: Headers = ["Accept": "application/json", "Idempotency-Key": "k"]
            let first = try await client.postForm("/forms/note", "word=x", headers)
            let again = try await client.postForm("/forms/note", "word=x", headers)
            #expect(first.status == 201 && again.body == first.body)
            #expect(again["Idempotent-Replayed"] == "true")
            #expect(try await client.postForm("/forms/note", "word=y", headers).outcome == "422 key_reused")
            #expect(try await client.journal().count == 1)
        }
    }
}
