import OffstageSchema
import Testing

/// ETag, If-Match and If-None-Match (RFC 9110, section 13).
@Suite struct ConditionTests {
    @Test(arguments: [
        ("\"1\"", 304), ("W/\"1\"", 304), ("*", 304), ("\"0\", \"1\"", 304), ("\"7\",W/\"1\"", 304),
        ("\"2\"", 200), ("1", 200), ("", 200), ("\"11\"", 200),
    ])
    func ifNoneMatchSparesTheBody(tags: String, status: Int) async throws {
        try await withApp(Apps.shop) { client in
            let path = "/api/categories/" + (try await client.post("/api/categories", ["name": "Tea"]).id)
            for method in ["GET", "HEAD"] {
                let response = try await client.send(method, path, ["If-None-Match": tags])
                #expect(response.status == status)
                #expect(response["ETag"] == "\"1\"")
                #expect(response.body.isEmpty == (status == 304 || method == "HEAD"))
            }
        }
    }

    @Test(arguments: [
        ("\"1\"", true), ("*", true), ("\"1\", \"5\"", true), ("\"2\"", false), ("W/\"1\"", false), ("1", false),
        ("nonsense", false), ("\"\"", false), ("\"01x\"", false),
    ])
    func ifMatchGuardsEveryChange(tags: String, goesAhead: Bool) async throws {
        try await withApp(Apps.shop) { client in
            for (method, body) in [("PATCH", "{\"name\":\"New\"}"), ("PUT", "{\"name\":\"New\"}"), ("DELETE", "")] {
                let made = try await client.post("/api/categories", ["name": .string("Tea \(method)")])
                let path = "/api/categories/\(made.id)"
                let entries = try await client.journal().count
                let response =
                    body.isEmpty
                    ? try await client.delete(path, ["If-Match": tags])
                    : try await client.sendJSON(method, path, body, ["If-Match": tags])
                if goesAhead {
                    #expect(response.status == (method == "DELETE" ? 204 : 200), "\(method)")
                    _ = try await client.delete(path)
                } else {
                    #expect(response.outcome == "412 stale", "\(method)")
                    #expect(try await client.get(path).body == made.body)
                    #expect(try await client.journal().count == entries)
                }
            }
        }
    }

    @Test func answersArePrivateAndAskedForAgain() async throws {
        try await withApp(Apps.shop) { client in
            let made = try await client.post("/api/categories", ["name": "Tea"])
            let path = "/api/categories/\(made.id)"
            let answers = [
                made, try await client.get(path), try await client.get(path, ["If-None-Match": "\"1\""]),
                try await client.get("/api/categories"), try await client.get("/api/categories/summary"),
                try await client.get("/api/categories", ["Accept": "text/csv"]), try await client.delete(path),
            ]
            #expect(answers.map(\.status) == [201, 200, 304, 200, 200, 200, 204])
            for answer in answers { #expect(answer["Cache-Control"] == "private, no-cache") }
            let problems = [try await client.get(path), try await client.send("PUT", "/api/categories")]
            #expect(problems.map(\.status) == [404, 405])
            for problem in problems { #expect(problem["Cache-Control"] == "no-store") }
        }
    }

    /// What nobody may read is missing from every copy, so the tag need not tell.
    @Test func aMemberThatIsNobodysIsNoPartOfTheTag() async throws {
        let app = Apps.things("word: {type: text}", "code: {type: text, readable: false}")
        try await withApp(app) { client in
            let made = try await client.post("/api/things", ["word": "x"])
            #expect(made["ETag"] == "\"1\"")
            #expect(try await client.get("/api/things/\(made.id)")["ETag"] == "\"1\"")
        }
    }

    @Test func ifMatchOfSomethingThatIsNotThereCreatesNothing() async throws {
        try await withApp(Apps.shop) { client in
            for tags in ["*", "\"1\""] {
                let response = try await client.put("/api/categories/\(Apps.id(1))", ["name": "x"], ["If-Match": tags])
                #expect(response.outcome == "412 stale")
            }
            #expect(
                try await client.patch("/api/categories/\(Apps.id(1))", ["name": "x"], ["If-Match": "*"]).status == 404
            )
            #expect(try await client.delete("/api/categories/\(Apps.id(1))", ["If-Match": "*"]).status == 404)
            #expect(try await client.all("categories").isEmpty)
        }
    }

    @Test func ifNoneMatchOfAllCreatesOnly() async throws {
        try await withApp(Apps.shop) { client in
            let path = "/api/categories/\(Apps.id(1))"
            let first = try await client.put(path, ["name": "first"], ["If-None-Match": "*"])
            #expect(first.status == 201)
            let second = try await client.put(path, ["name": "second"], ["If-None-Match": "*"])
            #expect(second.outcome == "412 stale")
            #expect(try await client.get(path).json["name"] == "first")
        }
    }

    @Test func ofManyChangesWithOneVersionOneGoesAhead() async throws {
        try await withApp(Apps.shop) { client in
            let path = "/api/categories/" + (try await client.post("/api/categories", ["name": "Tea"]).id)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...40 {
                    group.addTask {
                        try await client.patch(path, ["name": .string("\(number)")], ["If-Match": "\"1\""]).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 1)
            #expect(statuses.filter { $0 == 412 }.count == 39)
            #expect(try await client.get(path).json["version"] == 2)
        }
    }
}
