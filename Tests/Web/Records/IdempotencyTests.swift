import OffstageSchema
import Testing

@Suite struct IdempotencyTests {
    @Test func aRepeatIsTheFirstAnswerAndOneEffect() async throws {
        try await withApp(Apps.shop) { client in
            let key: Headers = ["Idempotency-Key": "\"order-1\""]
            let first = try await client.post("/api/categories", ["name": "Tea"], key)
            #expect(first.status == 201)
            #expect(first["Idempotent-Replayed"] == nil)
            client.app.clock.advance(seconds: 3600)
            // The record may have changed since: the answer is still the first one.
            _ = try await client.patch("/api/categories/\(first.id)", ["name": "Coffee"])
            for spelling in ["\"order-1\"", "order-1"] {
                let again = try await client.post("/api/categories", ["name": "Tea"], ["Idempotency-Key": spelling])
                #expect(again.status == 201)
                #expect(again["Idempotent-Replayed"] == "true")
                #expect(again.body == first.body)
                #expect(again["ETag"] == first["ETag"])
                #expect(again["Location"] == first["Location"])
                #expect(again["Content-Type"] == first["Content-Type"])
            }
            #expect(try await client.all("categories").count == 1)
            #expect(try await client.journal().count == 2)
        }
    }

    @Test func aHundredAtOnceAreOneEffectAndOneAnswer() async throws {
        try await withApp(Apps.shop) { client in
            let responses = try await withThrowingTaskGroup(of: Response.self) { group in
                for _ in 1...100 {
                    group.addTask {
                        try await client.post("/api/products", ["name": "Tea"], ["Idempotency-Key": "k"])
                    }
                }
                return try await group.reduce(into: [Response]()) { $0.append($1) }
            }
            #expect(responses.allSatisfy { $0.status == 201 && $0.body == responses[0].body })
            #expect(responses.filter { $0["Idempotent-Replayed"] == nil }.count == 1)
            #expect(try await client.all("products").count == 1)
            #expect(try await client.journalSummary() == ["created products 1"])
        }
    }

    @Test func everyMethodThatWritesTakesAKey() async throws {
        try await withApp(Apps.shop) { client in
            let path = "/api/categories/\(Apps.id(1))"
            let put: Headers = ["Idempotency-Key": "k"]
            #expect(try await client.put(path, ["name": "a"], put).status == 201)
            #expect(try await client.put(path, ["name": "a"], put).status == 201)
            #expect(try await client.patch(path, ["name": "b"], put).json["version"] == 2)
            _ = try await client.patch(path, ["name": "c"])
            #expect(try await client.patch(path, ["name": "b"], put).json["version"] == 2)
            #expect(try await client.get(path).json["name"] == "c")
            #expect(try await client.delete(path, put).status == 204)
            let again = try await client.delete(path, put)
            #expect(again.status == 204)
            #expect(again["Idempotent-Replayed"] == "true")
            #expect(try await client.delete(path, ["Idempotency-Key": "other"]).status == 404)
        }
    }

    @Test func anotherBodyUnderTheKeyIsRefused() async throws {
        try await withApp(Apps.shop) { client in
            let key: Headers = ["Idempotency-Key": "k"]
            let first = try await client.post("/api/categories", ["name": "Tea"], key)
            let other = try await client.post("/api/categories", ["name": "Coffee"], key)
            #expect(other.outcome == "422 key_reused")
            let path = "/api/categories/\(first.id)"
            _ = try await client.patch(path, ["name": "b"], key)
            #expect(try await client.patch(path, ["name": "c"], key).outcome == "422 key_reused")
            #expect(try await client.all("categories").map { $0["name"] } == ["b"])
        }
    }

    @Test func anotherFileUnderTheKeyOfAnImportIsRefused() async throws {
        try await withApp(Apps.shop) { client in
            func send(_ csv: String, _ query: String = "") async throws -> Response {
                let headers: Headers = ["Content-Type": "text/csv", "Idempotency-Key": "k"]
                return try await client.send("POST", "/api/categories/import\(query)", headers, body: Array(csv.utf8))
            }
            #expect(try await send("name\nx\n", "?dry_run=true").json == ["valid": 1])
            #expect(try await send("name\na\nb\n").json == ["imported": 2])
            let again = try await send("name\na\nb\n")
            #expect(again.json == ["imported": 2])
            #expect(again["Idempotent-Replayed"] == "true")
            #expect(try await send("name\nc\n").outcome == "422 key_reused")
            #expect(try await client.all("categories").count == 2)
        }
    }

    @Test func whatFailedMayBeTriedAgainUnderTheKey() async throws {
        try await withApp(Apps.shop) { client in
            let key: Headers = ["Idempotency-Key": "k"]
            let held = try await client.post("/api/categories", ["name": "Tea"])
            #expect(try await client.post("/api/categories", ["name": "Tea"], key).outcome == "409 conflict")
            _ = try await client.delete("/api/categories/\(held.id)")
            #expect(try await client.post("/api/categories", ["name": "Tea"], key).status == 201)
        }
    }

    @Test func keysOfSeveralPlacesNeverMeet() async throws {
        try await withApp(Apps.shop) { client in
            let key: Headers = ["Idempotency-Key": "k"]
            let response = try await client.post("/api/categories", ["name": "a"], key)
            #expect(response.status == 201)
            #expect(try await client.post("/api/products", ["name": "b"], key).status == 201)
            for number in 1...2 {
                let path = "/api/categories/\(Apps.id(number))"
                #expect(try await client.put(path, ["name": .string("\(number)")], key).status == 201)
            }
            #expect(try await client.journal().count == 4)
        }
    }

    @Test func aKeyIsForgottenAfterADay() async throws {
        try await withApp(Apps.shop) { client in
            let key: Headers = ["Idempotency-Key": "k"]
            let first = try await client.post("/api/products", ["name": "Tea"], key)
            client.app.clock.advance(seconds: 24 * 3600 - 1)
            #expect(try await client.post("/api/products", ["name": "Tea"], key).id == first.id)
            client.app.clock.advance(seconds: 1)
            let later = try await client.post("/api/products", ["name": "Tea"], key)
            #expect(later.status == 201)
            #expect(later.id != first.id)
            #expect(later["Idempotent-Replayed"] == nil)
            #expect(try await client.post("/api/products", ["name": "Tea"], key).id == later.id)
        }
    }

    @Test(arguments: ["", "\"\"", String(repeating: "k", count: 256), "caf\u{e9}", "a\tb"])
    func aBadKeyIsRefused(key: String) async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.post("/api/categories", ["name": "Tea"], ["Idempotency-Key": key])
            #expect(response.outcome == "400 malformed")
            #expect(try await client.all("categories").isEmpty)
        }
    }
}
