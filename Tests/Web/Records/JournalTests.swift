import OffstageSchema
import Testing

@Suite struct JournalTests {
    @Test func everyWriteHasOneEntryWithBothImages() async throws {
        try await withApp(Apps.shop) { client in
            let made = try await client.post("/api/products", ["name": "Tea"])
            client.app.clock.advance(milliseconds: 5)
            let changed = try await client.patch("/api/products/\(made.id)", ["name": "Coffee"])
            let replaced = try await client.put("/api/products/\(made.id)", ["name": "Cocoa"])
            _ = try await client.delete("/api/products/\(made.id)")
            let journal = try await client.journal()
            #expect(
                journal.map(\.summary) == [
                    "created products 1", "updated products 2", "updated products 3", "deleted products 3",
                ]
            )
            #expect(journal.map(\.after) == [made.json, changed.json, replaced.json, nil])
            #expect(journal.map(\.before) == [nil, made.json, changed.json, replaced.json])
            #expect(journal.allSatisfy { $0.record == made.id && $0.actor == "visitor" })
            #expect(Set(journal.map(\.transaction)).count == 4)
            #expect(journal[1].at - journal[0].at == 5)
        }
    }

    @Test func aRefusedWriteHasNoEntry() async throws {
        try await withApp(Apps.shop) { client in
            _ = try await client.post("/api/categories", ["name": "a"])
            _ = try await client.post("/api/categories", ["name": "a"])
            _ = try await client.post("/api/categories", ["name": ""])
            _ = try await client.post("/api/products", ["name": "x", "category": .string(Apps.absentID)])
            _ = try await client.patch("/api/categories/\(Apps.absentID)", ["name": "b"])
            _ = try await client.delete("/api/categories/\(Apps.absentID)")
            #expect(try await client.journal().count == 1)
        }
    }

    @Test func theImagesHoldWhatTheInterfaceHides() async throws {
        let app = Apps.things("word: {type: text}", "hidden: {type: text, readable: false}")
        try await withApp(app) { client in
            _ = try await client.post("/api/things", ["hidden": "x"])
            #expect(try await client.journal().first?.after?["hidden"] == "x")
        }
    }
}
