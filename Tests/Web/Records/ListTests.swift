import OffstageSchema
import Testing

@Suite struct ListTests {
    private func fill(_ client: Client, _ count: Int) async throws {
        for number in 1...count {
            _ = try await client.put(
                "/api/products/\(Apps.id(number))",
                ["name": .string("n\(number % 3)"), "stock": .number(String(number % 4)), "price": "1"]
            )
        }
    }

    @Test func anEmptyListIsAPage() async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.get("/api/products")
            #expect(response.status == 200)
            #expect(response.text == #"{"items":[],"next":null}"#)
            #expect(response["Link"] == nil)
            #expect(try await client.get("/api/products?count=true").text == #"{"items":[],"next":null,"total":0}"#)
        }
    }

    @Test func pagesAreFiftyUnlessTheLimitSaysOtherwise() async throws {
        try await withApp(Apps.shop) { client in
            try await fill(client, 51)
            #expect(try await client.get("/api/products").items.count == 50)
            #expect(try await client.get("/api/products?limit=1").items.count == 1)
            let all = try await client.get("/api/products?limit=500&count=true")
            #expect(all.items.count == 51)
            #expect(all.json["next"] == .null)
            #expect(all.json["total"] == 51)
            let exactly = try await client.get("/api/products?limit=51")
            #expect(exactly.items.count == 51)
            #expect(exactly.json["next"] == .null)
            let page = try await client.get("/api/products?limit=50&count=true")
            #expect(page.json["total"] == 51)
            let cursor = try #require(page.json["next"]?.string)
            let last = try await client.get("/api/products?limit=50&count=true&after=\(cursor)")
            #expect(last.items.map { $0["id"] } == [.string(Apps.id(51))])
            #expect(last.json["total"] == 51)
        }
    }

    @Test func theLinkLeadsThroughAllPages() async throws {
        try await withApp(Apps.shop) { client in
            try await fill(client, 10)
            var path: String? = "/api/products?sort=-stock,name&limit=3&fields=id,stock"
            var seen: [JSON] = []
            while let current = path {
                let response = try await client.get(current)
                seen += response.items
                #expect(response.items.allSatisfy { $0.names == ["id", "stock"] })
                let link = response["Link"]
                #expect((link == nil) == (response.json["next"] == .null))
                path = link.map { String($0.dropFirst().prefix { $0 != ">" }) }
                if let link { #expect(link.hasSuffix(">; rel=\"next\"")) }
            }
            let expected = try await client.get("/api/products?sort=-stock,name&fields=id,stock").items
            #expect(seen == expected)
            #expect(seen.count == 10)
        }
    }

    @Test func theFieldsParameterNarrowsListsAndRecords() async throws {
        try await withApp(Apps.shop) { client in
            try await fill(client, 1)
            #expect(try await client.get("/api/products?fields=stock,name").items[0].names == ["name", "stock"])
            let record = try await client.get("/api/products/\(Apps.id(1))?fields=version,id")
            #expect(record.json == ["id": .string(Apps.id(1)), "version": 1])
            #expect(record["ETag"] == "\"1\"")
        }
    }

    @Test(arguments: [
        "filtre=x", "limit=0", "limit=501", "limit=-1", "limit=", "limit=abc", "limit=1.5",
        "limit=9999999999999999999999",
        "limit=%201", "sort=", "sort=nothing", "sort=-", "sort=--name", "sort=name,", "sort=name,name",
        "sort=name,-name",
        "sort=tags", "sort=details", "sort=name;DROP%20TABLE%20products", "sort=%22name%22", "sort=+name", "sort=Name",
        "sort=id,name,price,stock,state,released,created,updated,version", "fields=", "fields=nothing", "fields=id,",
        "fields=*", "count=1", "count=", "count=yes", "count=TRUE", "after=", "after=abc", "after=%00", "after=W10",
        "after=eyJhIjoxfQ", "after=WyJpZCJd", "after=WyJpZCIsMV0", "after=WyJpZCIsIngiXQ", "after=!!!!", "after=null",
        "limit=1&limit=2", "sort=name&sort=name", "a=%ff", "name=Tea", "id=1", "sort=name%00", "limit=1%00", "%00=1",
        "search=tea", "search=", "arg.x=1", "Limit=1", "=x", "page=2", "offset=1",
    ])
    func aParameterThatIsNotUnderstoodIsRefused(query: String) async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.get("/api/products?\(query)")
            #expect(response.outcome == "400 malformed")
            #expect(response.json["detail"]?.string?.isEmpty == false)
        }
    }

    @Test func theDetailOfAnUnknownParameterNamesItAndTheKnownOnes() async throws {
        try await withApp(Apps.shop) { client in
            let detail = try await client.get("/api/products?filtre=x").json["detail"]?.string ?? ""
            #expect(detail.contains("\"filtre\""))
            #expect(detail.contains("sort"))
        }
    }

    @Test func singleRecordsAndWritesTakeNoStrayParameters() async throws {
        try await withApp(Apps.shop) { client in
            let path = "/api/categories/" + (try await client.post("/api/categories", ["name": "a"]).id)
            for query in ["x=1", "limit=1", "dry_run=true"] {
                #expect(try await client.get("\(path)?\(query)").outcome == "400 malformed")
                #expect(try await client.post("/api/categories?\(query)", ["name": "b"]).outcome == "400 malformed")
                #expect(try await client.patch("\(path)?\(query)", ["name": "b"]).outcome == "400 malformed")
                #expect(try await client.put("\(path)?\(query)", ["name": "b"]).outcome == "400 malformed")
                #expect(try await client.delete("\(path)?\(query)").outcome == "400 malformed")
            }
            #expect(try await client.all("categories").map { $0["name"] } == ["a"])
        }
    }

    @Test func tooManyParametersAreRefused() async throws {
        try await withApp(Apps.shop) { client in
            let query = (1...101).map { "p\($0)=1" }.joined(separator: "&")
            let response = try await client.get("/api/products?\(query)")
            #expect(response.outcome == "400 malformed")
        }
    }

    @Test func aCursorBelongsToItsSortAndCollection() async throws {
        try await withApp(Apps.shop) { client in
            try await fill(client, 3)
            for number in 1...3 { _ = try await client.post("/api/categories", ["name": .string("\(number)")]) }
            let page = try await client.get("/api/products?sort=stock&limit=1")
            let cursor = try #require(page.json["next"]?.string)
            #expect(try await client.get("/api/products?sort=stock&limit=1&after=\(cursor)").status == 200)
            for query in [
                "/api/products?after=\(cursor)", "/api/products?sort=-stock&after=\(cursor)",
                "/api/products?sort=stock,name&after=\(cursor)", "/api/categories?sort=name&after=\(cursor)",
                "/api/products?sort=stock&after=\(cursor)A", "/api/products?sort=stock&after=\(cursor.dropLast(2))",
            ] {
                #expect(try await client.get(query).outcome == "400 malformed", "\(query)")
            }
        }
    }

    /// A page may end at a record with a long value, and its link must still be followed.
    @Test func aCursorAtALongValueStillFitsIntoARequest() async throws {
        try await withApp(Apps.things("value: {type: text, max: 10000}")) { client in
            for letter in ["a", "b", "c"] {
                _ = try await client.post("/api/things", ["value": .string(String(repeating: letter, count: 10_000))])
            }
            let page = try await client.get("/api/things?sort=value&limit=1")
            let cursor = try #require(page.json["next"]?.string)
            #expect(try await client.get("/api/things?sort=value&limit=1&after=\(cursor)").status == 200)
        }
    }
}
