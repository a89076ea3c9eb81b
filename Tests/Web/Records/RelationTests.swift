import OffstageSchema
import Testing

@Suite struct RelationTests {
    @Test func aRelationMustLeadToARecord() async throws {
        try await withApp(Apps.shop) { client in
            let category = try await client.post("/api/categories", ["name": "Tea"]).id
            let good = try await client.post(
                "/api/products",
                ["name": "x", "category": .string(category.uppercased())]
            )
            #expect(good.json["category"] == .string(category))
            let attempts = [
                try await client.post("/api/products", ["name": "y", "category": .string(Apps.absentID)]),
                try await client.patch("/api/products/\(good.id)", ["category": .string(Apps.absentID)]),
                try await client.put("/api/products/\(good.id)", ["name": "y", "category": .string(good.id)]),
            ]
            for response in attempts {
                #expect(response.outcome == "422 invalid")
                #expect(response.faults == ["/category relation"])
                #expect(response.messages[0].contains("categories"))
            }
            #expect(try await client.journal().count == 2)
        }
    }

    @Test func eachMissingElementOfAListIsNamed() async throws {
        let app = Apps.things("peers: {type: relation, to: things, many: true}", "boss: {type: relation, to: things}")
        try await withApp(app) { client in
            let first = JSON.string(try await client.post("/api/things", [:]).id)
            let response = try await client.post(
                "/api/things",
                ["peers": [first, .string(Apps.id(8)), first, .string(Apps.id(9))], "boss": .string(Apps.id(9))]
            )
            #expect(response.outcome == "422 invalid")
            #expect(response.faults.sorted() == ["/boss relation", "/peers/1 relation", "/peers/3 relation"])
            let wrong = try await client.post("/api/things", ["peers": [first, "x"]])
            #expect(wrong.faults == ["/peers/1 type"])
        }
    }

    @Test func theOrderAndRepeatsOfAListAreKept() async throws {
        try await withApp(Apps.things("peers: {type: relation, to: things, many: true}")) { client in
            var ids: [JSON] = []
            for _ in 1...3 { ids.append(.string(try await client.post("/api/things", [:]).id)) }
            let list: JSON = [ids[2], ids[0], ids[2], ids[1]]
            let made = try await client.post("/api/things", ["peers": list])
            #expect(made.json["peers"] == list)
            let changed = try await client.patch("/api/things/\(made.id)", ["peers": [ids[1]]])
            #expect(changed.json["peers"] == [ids[1]])
            // What is no longer pointed to may go.
            #expect(try await client.delete("/api/things/\(ids[2].string ?? "")").status == 204)
            #expect(try await client.delete("/api/things/\(ids[1].string ?? "")").status == 409)
        }
    }
}
