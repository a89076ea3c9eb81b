import OffstageSchema
import Testing

@Suite struct CreateTests {
    @Test func aNewRecordIsAnsweredWholeWithItsPlaceAndVersion() async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.post("/api/products", ["name": "Tea", "price": "3.5", "tags": ["a", "b"]])
            #expect(response.status == 201)
            #expect(response["Content-Type"] == "application/json")
            #expect(response["Location"] == "/api/products/\(response.id)")
            #expect(response["ETag"] == "\"1\"")
            #expect(
                response.json == [
                    "id": .string(response.id), "name": "Tea", "sku": .null, "price": "3.50", "stock": 0,
                    "category": .null, "tags": ["a", "b"], "state": "draft", "released": .null, "details": .null,
                    "created": "2026-11-22T16:50:00.123Z", "updated": "2026-11-22T16:50:00.123Z", "version": 1,
                ]
            )
            let again = try await client.get(try #require(response["Location"]))
            #expect(again.status == 200)
            #expect(again.body == response.body)
        }
    }

    @Test func idsOfTheServerAreOfVersion7AndRise() async throws {
        try await withApp(Apps.shop) { client in
            var ids: [String] = []
            for number in 1...20 {
                ids.append(try await client.post("/api/categories", ["name": .string("\(number)")]).id)
            }
            #expect(ids.allSatisfy { $0.utf8.count == 36 && Array($0)[14] == "7" })
            #expect(ids == ids.sorted())
            #expect(Set(ids).count == 20)
        }
    }

    @Test func aClientMayGiveTheID() async throws {
        try await withApp(Apps.shop) { client in
            let given = "ABCDEF01-2345-4678-9ABC-DEF012345678"
            let response = try await client.post("/api/categories", ["id": .string(given), "name": "Tea"])
            #expect(response.status == 201)
            #expect(response.id == given.lowercased())
            let again = try await client.post("/api/categories", ["id": .string(given.lowercased()), "name": "Other"])
            #expect(again.outcome == "409 conflict")
            #expect(again.faults == ["/id unique"])
            #expect(try await client.all("categories").count == 1)
        }
    }

    @Test(arguments: [
        "\"abc\"", "7", "\"\"", "[]", "\"00000000-0000-4000-8000-00000000000\"",
        "\"00000000000040008000000000000000\"", "\"{00000000-0000-4000-8000-000000000000}\"",
        "\"00000000-0000-4000-8000-00000000000g\"",
    ])
    func aBadIDIsAFault(id: String) async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.sendJSON("POST", "/api/categories", "{\"name\":\"x\",\"id\":\(id)}")
            #expect(response.outcome == "422 invalid")
            #expect(response.faults == ["/id id"])
        }
    }

    @Test func everyFaultIsNamedAtOnce() async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.post(
                "/api/products",
                [
                    "sku": "wrong", "price": "1.234", "stock": "many", "category": "nobody", "tags": ["ok", 7],
                    "state": "gone", "released": "2026-02-30", "colour": "red", "version": 3,
                ]
            )
            #expect(response.outcome == "422 invalid")
            #expect(response["Content-Type"] == "application/problem+json")
            #expect(
                response.faults.sorted() == [
                    "/category type", "/colour unknown", "/price scale", "/released type", "/sku pattern",
                    "/state choice",
                    "/stock type", "/tags/1 type", "/version read_only",
                ]
            )
            #expect(response.messages.allSatisfy { !$0.isEmpty })
            #expect(response.json["type"] == "/problems/invalid")
            #expect(response.json["status"] == 422)
            #expect(response.json["title"]?.string?.isEmpty == false)
            #expect(response.json["request"]?.string?.isEmpty == false)
            #expect(try await client.all("products").isEmpty)
            #expect(try await client.journal().isEmpty)
        }
    }

    @Test(arguments: [
        ("{}", ["/name required"]), ("{\"name\":null}", ["/name required"]), ("{\"name\":\"\"}", ["/name required"]),
    ])
    func aRequiredFieldMustHaveSomething(body: String, faults: [String]) async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.sendJSON("POST", "/api/products", body)
            #expect(response.outcome == "422 invalid")
            #expect(response.faults == faults)
        }
    }

    @Test(arguments: ["id", "created", "updated", "version", "name"])
    func namesOfAnotherCaseAreUnknown(name: String) async throws {
        try await withApp(Apps.shop) { client in
            let member = JSON.Member(name.uppercased(), "x")
            let response = try await client.post("/api/categories", .object([member, JSON.Member("name", "y")]))
            #expect(response.faults == ["/\(name.uppercased()) unknown"])
        }
    }

    @Test func anUnknownNameIsEscapedInItsPointer() async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.post("/api/categories", ["name": "x", "a/b~c": 1, "": 2])
            #expect(response.faults.sorted() == ["/ unknown", "/a~1b~0c unknown"])
        }
    }

    @Test func fieldsThatAreNotWritableAreRefused() async throws {
        let app = Apps.things("word: {type: text}", "checked: {type: boolean, default: false, writable: false}")
        try await withApp(app) { client in
            let response = try await client.post("/api/things", ["word": "x", "checked": true])
            #expect(response.faults == ["/checked read_only"])
            #expect(try await client.post("/api/things", ["word": "x"]).json["checked"] == false)
        }
    }

    @Test func fieldsThatAreNotReadableDoNotShow() async throws {
        let app = Apps.things("word: {type: text}", "hidden: {type: text, readable: false}")
        try await withApp(app) { client in
            let response = try await client.post("/api/things", ["word": "x", "hidden": "secret"])
            #expect(response.status == 201)
            #expect(response.json["hidden"] == nil)
            #expect(try await client.get("/api/things").text.contains("secret") == false)
            #expect(try await client.get("/api/things", ["Accept": "text/csv"]).text.contains("hidden") == false)
            for query in ["sort=hidden", "fields=hidden", "sort=-hidden"] {
                let refused = try await client.get("/api/things?\(query)")
                let unknown = try await client.get("/api/things?\(query.replacing("hidden", with: "absent"))")
                #expect(refused.outcome == "400 malformed")
                #expect(
                    refused.json["detail"]?.string
                        == unknown.json["detail"]?.string?.replacing("absent", with: "hidden")
                )
            }
        }
    }
}
