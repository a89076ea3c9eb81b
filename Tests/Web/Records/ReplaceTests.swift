import OffstageSchema
import Testing

@Suite struct ReplaceTests {
    @Test func aPutCreatesUnderTheIDAndThenReplacesTheWhole() async throws {
        try await withApp(Apps.shop) { client in
            let path = "/api/products/\(Apps.id(7))"
            let made = try await client.put(path, ["name": "Tea", "price": "1", "stock": 4, "tags": ["a"]])
            #expect(made.status == 201)
            #expect(made["Location"] == path)
            #expect(made["ETag"] == "\"1\"")
            #expect(made.id == Apps.id(7))
            client.app.clock.advance(seconds: 1)
            let replaced = try await client.put(path, ["name": "Coffee"])
            #expect(replaced.status == 200)
            #expect(replaced["ETag"] == "\"2\"")
            #expect(replaced.json["price"] == .null)
            #expect(replaced.json["tags"] == [])
            #expect(replaced.json["stock"] == 0)
            #expect(replaced.json["state"] == "draft")
            #expect(replaced.json["created"] == made.json["created"])
            #expect(try await client.get(path).body == replaced.body)
            #expect(try await client.journalSummary() == ["created products 1", "updated products 2"])
        }
    }

    @Test func aPutWithoutWhatIsRequiredIsRefused() async throws {
        try await withApp(Apps.shop) { client in
            let path = "/api/products/\(Apps.id(7))"
            #expect(try await client.put(path, ["price": "1"]).faults == ["/name required"])
            _ = try await client.put(path, ["name": "Tea"])
            #expect(try await client.put(path, ["price": "1"]).faults == ["/name required"])
            #expect(try await client.get(path).json["version"] == 1)
        }
    }

    @Test func aPutOfTheSameValuesChangesNothing() async throws {
        try await withApp(Apps.shop) { client in
            let path = "/api/products/\(Apps.id(7))"
            let made = try await client.put(path, ["name": "Tea", "price": "1"])
            client.app.clock.advance(seconds: 1)
            let again = try await client.put(path, ["name": "Tea", "price": "1.00"])
            #expect(again.status == 200)
            #expect(again.body == made.body)
            #expect(try await client.journal().count == 1)
        }
    }

    /// What the caller may not write stays as the team left it: leaving it out must not put it back to its default.
    @Test func aPutLeavesFieldsAloneThatTheCallerMayNotWrite() async throws {
        let app = Apps.things(
            "word: {type: text}",
            "blocked: {type: boolean, default: false, writable: false}",
            "note: {type: text, required: true, default: new, writable: false}"
        )
        try await withApp(app) { client in
            let path = "/api/things/\(Apps.id(1))"
            _ = try await client.put(path, ["word": "x"])
            try await client.writeAsTeam(Apps.id(1), in: "things", ["blocked": true, "note": "seen"])
            let response = try await client.put(path, ["word": "y"])
            #expect(response.json["word"] == "y")
            #expect(response.json["blocked"] == true)
            #expect(response.json["note"] == "seen")
        }
    }

    @Test func ofManyPutsThatCreateOneDoes() async throws {
        try await withApp(Apps.shop) { client in
            let path = "/api/categories/\(Apps.id(1))"
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...30 {
                    group.addTask { try await client.put(path, ["name": .string("\(number)")]).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 201 }.count == 1)
            #expect(statuses.filter { $0 == 200 }.count == 29)
            #expect(try await client.get(path).json["version"] == 30)
        }
    }
}
