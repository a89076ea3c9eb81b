import OffstageSchema
import Testing

@Suite struct UniqueTests {
    @Test func aTakenValueIsAConflictThatNamesTheField() async throws {
        try await withApp(Apps.shop) { client in
            let first = try await client.post("/api/products", ["name": "a", "sku": "ABC-0001"])
            let second = try await client.post("/api/products", ["name": "b", "sku": "ABC-0002"])
            let attempts = [
                try await client.post("/api/products", ["name": "c", "sku": "ABC-0001"]),
                try await client.patch("/api/products/\(second.id)", ["sku": "ABC-0001"]),
                try await client.put("/api/products/\(second.id)", ["name": "d", "sku": "ABC-0001"]),
                try await client.put("/api/products/\(Apps.id(1))", ["name": "e", "sku": "ABC-0001"]),
            ]
            for response in attempts {
                #expect(response.outcome == "409 conflict")
                #expect(response.faults == ["/sku unique"])
            }
            #expect(try await client.all("products").map { $0["name"] } == ["a", "b"])
            #expect(try await client.journal().count == 2)
            // Its own value is no conflict, and a value that was given up is free.
            #expect(
                try await client.patch("/api/products/\(first.id)", ["sku": "ABC-0001", "name": "z"]).status == 200
            )
            _ = try await client.delete("/api/products/\(first.id)")
            #expect(try await client.patch("/api/products/\(second.id)", ["sku": "ABC-0001"]).status == 200)
        }
    }

    @Test func nothingIsNeverTaken() async throws {
        try await withApp(Apps.shop) { client in
            for _ in 1...3 {
                let response = try await client.post("/api/products", ["name": "a"])
                #expect(response.status == 201)
            }
            for _ in 1...2 {
                #expect(try await client.post("/api/products", ["name": "a", "sku": .null]).status == 201)
            }
        }
    }

    @Test(arguments: [
        ("text", #""caf\u00e9""#, #""cafe\u0301""#, true),
        ("text", #""Tea""#, #""tea""#, false),
        ("text", #""Tea""#, #""Tea ""#, false),
        ("email", #""ada@example.com""#, #""ADA@Example.COM""#, true),
        ("email", #""\u00e4@example.com""#, #""\u00c4@example.com""#, true),
        ("url", #""http://a.example/""#, #""http://a.example/x""#, false),
        ("integer", "5", "5.0", true),
        ("number", "0.5", "5e-1", true),
        ("number", "0", "-0.0", true),
        ("decimal, digits: 6, scale: 2", #""1.5""#, "1.50", true),
        ("date", #""2026-01-01""#, #""2026-01-02""#, false),
        ("datetime", #""2026-01-01T12:00:00Z""#, #""2026-01-01T13:00:00+01:00""#, true),
        ("boolean", "true", "false", false),
    ])
    func equalIsWhatPeopleCallEqual(type: String, first: String, second: String, isTaken: Bool) async throws {
        try await withApp(Apps.things("value: {type: \(type), unique: true}")) { client in
            #expect(try await client.sendJSON("POST", "/api/things", "{\"value\":\(first)}").status == 201)
            let response = try await client.sendJSON("POST", "/api/things", "{\"value\":\(second)}")
            #expect(response.outcome == (isTaken ? "409 conflict" : "201"))
            #expect(response.faults == (isTaken ? ["/value unique"] : []))
        }
    }

    @Test func ofManyAtOnceOneGetsTheValue() async throws {
        try await withApp(Apps.shop) { client in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...50 {
                    group.addTask {
                        try await client.post("/api/products", ["name": .string("\(number)"), "sku": "ABC-0001"]).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 201 }.count == 1)
            #expect(statuses.filter { $0 == 409 }.count == 49)
            #expect(try await client.all("products").count == 1)
            #expect(try await client.journal().count == 1)
        }
    }
}
