import OffstageSchema
import Testing

@Suite struct ImportTests {
    private static func send(_ client: Client, _ type: String, _ text: String, _ query: String = "") async throws
        -> Response
    {
        let headers: Headers = ["Content-Type": type]
        return try await client.send("POST", "/api/products/import\(query)", headers, body: Array(text.utf8))
    }

    static let files: [(type: String, text: String)] = [
        ("text/csv", "name,price,tags,stock\r\nTea,1.5,\"[\"\"a\"\",\"\"b\"\"]\",0\r\n\"Cake, \"\"big\"\"\",,,4\r\n"),
        (
            "text/csv; charset=utf-8",
            "\u{feff}price,name,tags,stock\n1.50,Tea,\"[\"\"a\"\",\"\"b\"\"]\",0\n,\"Cake, \"\"big\"\"\",[],4"
        ),
        (
            "application/x-ndjson",
            "{\"name\":\"Tea\",\"price\":1.5,\"tags\":[\"a\",\"b\"]}\n\n{\"name\":\"Cake, \\\"big\\\"\",\"stock\":4}\n"
        ),
        (
            "application/json",
            "[{\"name\":\"Tea\",\"price\":\"1.50\",\"tags\":[\"a\",\"b\"]},\n {\"name\":\"Cake, \\\"big\\\"\",\"stock\":4}]"
        ),
    ]

    @Test(arguments: files)
    func everyFormatMakesTheSameRecords(type: String, text: String) async throws {
        try await withApp(Apps.shop) { client in
            let response = try await Self.send(client, type, text)
            #expect(response.status == 200, "\(response.text)")
            #expect(response.json == ["imported": 2])
            let records = try await client.all("products", sort: "-name")
            #expect(records.map { $0["name"] } == ["Tea", "Cake, \"big\""])
            #expect(records.map { $0["price"] } == ["1.50", .null])
            #expect(records.map { $0["stock"] } == [0, 4])
            #expect(records.map { $0["tags"] } == [["a", "b"], []])
            #expect(records.allSatisfy { $0["state"] == "draft" })
            let journal = try await client.journal()
            #expect(journal.map(\.summary) == ["created products 1", "created products 1"])
            #expect(Set(journal.map(\.transaction)).count == 1)
        }
    }

    @Test func oneBadLineAndNothingIsImported() async throws {
        try await withApp(Apps.shop) { client in
            _ = try await client.post("/api/products", ["name": "there", "sku": "ABC-0001"])
            let csv = """
                name,sku,price,stock,category
                good,ABC-0002,1,1,
                ,ABC-0003,1,1,
                "two
                lines",wrong,1.234,x,
                good too,ABC-0001,1,1,
                twice,ABC-0002,1,1,
                lost,,,,\(Apps.absentID)
                """
            let response = try await Self.send(client, "text/csv", csv)
            #expect(response.outcome == "422 invalid")
            #expect(
                response.faults == [
                    "/3/name required", "/4/sku pattern", "/4/price scale", "/4/stock type", "/6/sku unique",
                    "/7/sku unique",
                    "/8/category relation",
                ]
            )
            #expect(response.messages.map { $0.prefix(7) }.allSatisfy { $0.hasPrefix("line ") })
            #expect(response.json["detail"]?.string?.hasPrefix("5 of 6 rows are not valid") == true)
            #expect(try await client.all("products").count == 1)
            #expect(try await client.journal().count == 1)
        }
    }

    @Test func badLinesOfJSONAreNumberedToo() async throws {
        try await withApp(Apps.shop) { client in
            let ndjson = "{\"name\":\"a\"}\n{\"name\":1}\n{\"nam\n[1]\n{\"name\":\"b\",\"other\":1}\n"
            let lines = try await Self.send(client, "application/x-ndjson", ndjson)
            #expect(lines.faults == ["/2/name type", "/3 malformed", "/4 type", "/5/other unknown"])
            let array = try await Self.send(
                client,
                "application/json",
                "[\n{\"name\":\"a\"},\n{\"name\":1},\n{\"name\":\"c\""
            )
            #expect(array.outcome == "422 invalid")
            #expect(array.faults.first == "/3/name type")
            #expect(array.faults.count == 2)
            #expect(try await client.all("products").isEmpty)
        }
    }

    @Test func aDryRunTriesEverythingAndKeepsNothing() async throws {
        try await withApp(Apps.shop) { client in
            let good = try await Self.send(client, "text/csv", "name,sku\na,ABC-0001\nb,ABC-0002\n", "?dry_run=true")
            #expect(good.status == 200)
            #expect(good.json == ["valid": 2])
            let bad = try await Self.send(client, "text/csv", "name,sku\na,ABC-0001\nb,ABC-0001\n", "?dry_run=true")
            #expect(bad.faults == ["/3/sku unique"])
            #expect(try await client.all("products").isEmpty)
            #expect(try await client.journal().isEmpty)
            #expect(try await Self.send(client, "text/csv", "name\na\n", "?dry_run=maybe").outcome == "400 malformed")
            #expect(try await Self.send(client, "text/csv", "name\na\n", "?dryrun=true").outcome == "400 malformed")
            #expect(try await Self.send(client, "text/csv", "name\na\n", "?dry_run=false").json == ["imported": 1])
        }
    }

    @Test(arguments: ["id,name", "name,id"])
    func idsMayBeGivenAndPointedToWithinAFile(header: String) async throws {
        try await withApp(Apps.things("name: {type: text}", "peer: {type: relation, to: things}")) { client in
            let (one, two) = (Apps.id(1), Apps.id(2))
            let rows = header == "id,name" ? "\(one),a,\n\(two),b,\(one)\n" : "a,\(one),\nb,\(two),\(one)\n"
            let headers: Headers = ["Content-Type": "text/csv"]
            let body = Array("\(header),peer\n\(rows)".utf8)
            let response = try await client.send("POST", "/api/things/import", headers, body: body)
            #expect(response.json == ["imported": 2])
            #expect(try await client.get("/api/things/\(two)").json["peer"] == .string(one))
            let again = try await client.send("POST", "/api/things/import", headers, body: body)
            #expect(again.faults == ["/2/id unique", "/3/id unique"])
        }
    }

    @Test func whatTheServerKeepsCantBeImportedByVisitors() async throws {
        try await withApp(Apps.shop) { client in
            let response = try await Self.send(client, "text/csv", "name,version,created\na,7,2020-01-01T00:00:00Z\n")
            #expect(response.faults.sorted() == ["/2/created read_only", "/2/version read_only"])
        }
    }

    @Test(arguments: [("", "401 unauthenticated"), ("1 role=customer", "403 forbidden")])
    func aRowThatTheRuleRefusesIsNamed(account: String, outcome: String) async throws {
        let app = "collections: {notes: {fields: {word: text}, access: {read: true, create: 'word != \"no\"'}}}"
        try await withApp(app) { client in
            var headers: Headers = ["Content-Type": "text/csv"]
            if !account.isEmpty { headers = headers.adding("X-Test-Account", account) }
            let body = Array("word\nyes\nno\nno\n".utf8)
            let response = try await client.send("POST", "/api/notes/import", headers, body: body)
            #expect(response.outcome == outcome)
            #expect(response.json["detail"]?.string?.hasPrefix("line 3: ") == true, "\(response.text)")
            #expect(response.json["detail"]?.string?.hasSuffix(" Nothing was imported.") == true)
            #expect(try await client.all("notes").isEmpty)
        }
    }

    @Test func otherTypesAndEmptyFiles() async throws {
        try await withApp(Apps.shop) { client in
            for type in ["text/plain", "multipart/form-data", "application/octet-stream"] {
                #expect(try await Self.send(client, type, "name\na\n").outcome == "415 unsupported_media_type")
            }
            let empty = try await Self.send(client, "application/x-ndjson", "")
            #expect(empty.json == ["imported": 0])
            #expect(try await Self.send(client, "application/json", "[]").json == ["imported": 0])
            #expect(try await Self.send(client, "application/json", "{}").status == 422)
            #expect(try await Self.send(client, "text/csv", "name\n").json == ["imported": 0])
            #expect(try await Self.send(client, "text/csv", "colour\nred\n").outcome == "422 invalid")
            #expect(try await client.all("products").isEmpty)
        }
    }

    @Test func manyRowsAreImportedAndFaultsAreListedUpToALimit() async throws {
        try await withApp(Apps.shop) { client in
            let rows = (1...5000).map { "{\"name\":\"n\($0)\",\"price\":\($0).25}\n" }.joined()
            let response = try await Self.send(client, "application/x-ndjson", rows)
            #expect(response.json == ["imported": 5000])
            #expect(try await client.get("/api/products?limit=1&count=true").json["total"] == 5000)
            let bad = try await Self.send(client, "text/csv", "name\n" + String(repeating: "\"\"\n", count: 1500))
            #expect(bad.faults.count == 1000)
            #expect(bad.json["detail"]?.string?.contains("1500 of 1500") == true)
        }
    }
}
