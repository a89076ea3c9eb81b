import OffstageSchema
import Testing

@Suite struct UpdateTests {
    @Test func aPatchChangesWhatIsSentAndNothingElse() async throws {
        try await withApp(Apps.shop) { client in
            let made = try await client.post("/api/products", ["name": "Tea", "price": "1", "tags": ["a"], "stock": 4])
            client.app.clock.advance(seconds: 60)
            let response = try await client.patch("/api/products/\(made.id)", ["price": "2.5", "tags": ["b", "c"]])
            #expect(response.status == 200)
            #expect(response["ETag"] == "\"2\"")
            #expect(response.json["name"] == "Tea")
            #expect(response.json["price"] == "2.50")
            #expect(response.json["tags"] == ["b", "c"])
            #expect(response.json["stock"] == 4)
            #expect(response.json["version"] == 2)
            #expect(response.json["created"] == made.json["created"])
            #expect(response.json["updated"] == "2026-11-22T16:51:00.123Z")
            #expect(try await client.get("/api/products/\(made.id)").body == response.body)
        }
    }

    @Test func nullTakesAValueAway() async throws {
        try await withApp(Apps.shop) { client in
            let made = try await client.post("/api/products", ["name": "Tea", "price": "1", "tags": ["a"]])
            let response = try await client.patch("/api/products/\(made.id)", ["price": .null, "tags": .null])
            #expect(response.json["price"] == .null)
            #expect(response.json["tags"] == [])
            let refused = try await client.patch("/api/products/\(made.id)", ["name": .null, "state": .null])
            #expect(refused.faults == ["/name required"])
        }
    }

    @Test func aPatchThatChangesNothingLeavesVersionAndJournalAlone() async throws {
        try await withApp(Apps.shop) { client in
            let made = try await client.post("/api/products", ["name": "Tea", "price": "1"])
            client.app.clock.advance(seconds: 1)
            for body in ["{}", "{\"name\":\"Tea\"}", "{\"price\":1.00}"] {
                let response = try await client.sendJSON("PATCH", "/api/products/\(made.id)", body)
                #expect(response.status == 200)
                #expect(response.body == made.body)
            }
            #expect(try await client.journalSummary() == ["created products 1"])
        }
    }

    @Test func theMediaTypeOfMergePatchesIsRead() async throws {
        try await withApp(Apps.shop) { client in
            let path = "/api/categories/" + (try await client.post("/api/categories", ["name": "Tea"]).id)
            let headers: Headers = ["Content-Type": "application/merge-patch+json"]
            let response = try await client.send("PATCH", path, headers, body: Array("{\"name\":\"Coffee\"}".utf8))
            #expect(response.json["name"] == "Coffee")
        }
    }

    /// RFC 7396, appendix A, as far as a field can hold it: stored, patch, result.
    @Test(arguments: [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, #"{}"#),
        (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
        (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
        (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
        (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
        (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
        (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#),
        (#"{"a":"foo"}"#, #""bar""#, #""bar""#),
        (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
        (#"[1,2]"#, #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
        (#"{}"#, #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        ("null", #"{"a":{"bb":{"ccc":null}},"d":null}"#, #"{"a":{"bb":{}}}"#),
        (#"{"a":"foo"}"#, "null", "null"),
    ])
    func aPatchMergesJSONFields(stored: String, patch: String, result: String) async throws {
        try await withApp(Apps.shop) { client in
            let made = try await client.sendJSON("POST", "/api/products", "{\"name\":\"x\",\"details\":\(stored)}")
            #expect(made.status == 201)
            let path = "/api/products/\(made.id)"
            let response = try await client.sendJSON("PATCH", path, "{\"details\":\(patch)}")
            #expect(response.json["details"]?.text == result)
            #expect(try await client.get(path).json["details"]?.text == result)
        }
    }

    @Test func aMergeThatGrowsTooLargeIsRefused() async throws {
        try await withApp(Apps.things("blob: {type: json, max_bytes: 40}")) { client in
            let made = try await client.post("/api/things", ["blob": ["a": "0123456789012345"]])
            let response = try await client.patch("/api/things/\(made.id)", ["blob": ["b": "0123456789012345"]])
            #expect(response.faults == ["/blob max"])
            #expect(try await client.get("/api/things/\(made.id)").body == made.body)
        }
    }

    @Test func anIDInTheBodyMayOnlyRepeatTheAddress() async throws {
        try await withApp(Apps.shop) { client in
            let made = try await client.post("/api/categories", ["name": "Tea"])
            let path = "/api/categories/\(made.id)"
            for method in ["PATCH", "PUT"] {
                let same = try await client.sendJSON(method, path, "{\"id\":\"\(made.id)\",\"name\":\"\(method)\"}")
                #expect(same.status == 200)
                let other = try await client.sendJSON(method, path, "{\"id\":\"\(Apps.absentID)\",\"name\":\"x\"}")
                #expect(other.faults == ["/id read_only"])
            }
        }
    }

    @Test(arguments: ["GET", "PATCH", "DELETE"])
    func whatIsNotThereIsNotFound(method: String) async throws {
        try await withApp(Apps.shop) { client in
            for id in [Apps.absentID, "1", "abc", "%20", "..", "00000000-0000-4000-8000-00000000000", "null", "a%2Fb"] {
                let response =
                    method == "PATCH"
                    ? try await client.patch("/api/products/\(id)", ["name": "x"])
                    : try await client.send(method, "/api/products/\(id)")
                let expected = id == ".." || id == "a%2Fb" ? ["404 not_found", "400 malformed"] : ["404 not_found"]
                #expect(expected.contains(response.outcome), "\(id)")
            }
        }
    }

    @Test func idsAreReadInEitherCase() async throws {
        try await withApp(Apps.shop) { client in
            let made = try await client.post("/api/categories", ["name": "Tea"])
            #expect(try await client.get("/api/categories/\(made.id.uppercased())").body == made.body)
        }
    }
}
