import OffstageSchema
import Testing

@Suite struct ExportTests {
    private static let app = Apps.things(
        "word: {type: text}",
        "amount: {type: decimal, digits: 6, scale: 2}",
        "tags: {type: text, many: true}",
        "extra: {type: json}"
    )

    @Test func allRecordsComeWhateverTheirNumber() async throws {
        try await withApp(Self.app) { client in
            let rows = (1...1234).map { "{\"word\":\"\($0)\"}\n" }.joined()
            let headers: Headers = ["Content-Type": "application/x-ndjson"]
            _ = try await client.send("POST", "/api/things/import", headers, body: Array(rows.utf8))
            let ndjson = try await client.get("/api/things", ["Accept": "application/x-ndjson"])
            #expect(ndjson["Content-Type"] == "application/x-ndjson")
            #expect(ndjson["Content-Disposition"] == "attachment; filename=\"things.ndjson\"")
            let lines = ndjson.text.split(separator: "\n")
            #expect(lines.count == 1234)
            let first = try await client.get("/api/things?limit=1").items
            #expect((try? JSONParser.parse(lines[0].utf8)) == first.first)
            let csv = try await client.get("/api/things?sort=-id", ["Accept": "text/csv"])
            #expect(csv["Content-Type"] == "text/csv; charset=utf-8; header=present")
            let cells = csv.text.split(separator: "\r\n")
            #expect(cells.count == 1235)
            #expect(cells[0] == "id,word,amount,tags,extra,created,updated,version")
            #expect(cells[1].contains(",1234,"))
        }
    }

    @Test func cellsAreExactAndGuardedAndComeBack() async throws {
        let records: [JSON] = [
            ["word": "=1+1", "amount": "-0.50", "tags": ["a,b", "\"q\""], "extra": ["x": [1, .null]]],
            ["word": "two\nlines, \"quoted\""], ["word": ""], [:], ["word": "'=x", "extra": "text"],
            ["word": "@sum", "tags": ["=1"]],
            ["word": "日本 😀"], ["word": "-5"], ["word": "+5"], ["word": "\tx"],
        ]
        try await withApp(Self.app) { client in
            for record in records { #expect(try await client.post("/api/things", record).status == 201) }
            let csv = try await client.get("/api/things?fields=word,amount,tags,extra", ["Accept": "text/csv"])
            #expect(csv.text.contains("'=1+1"))
            #expect(csv.text.contains("'@sum"))
            let before = try await client.all("things")
            for record in before { _ = try await client.delete("/api/things/\(record["id"]?.string ?? "")") }
            let back = try await client.send("POST", "/api/things/import", ["Content-Type": "text/csv"], body: csv.body)
            #expect(back.json == ["imported": .number("\(records.count)")], "\(back.text)")
            let after = try await client.all("things")
            for name in ["word", "amount", "tags", "extra"] {
                #expect(after.map { $0[name] } == before.map { $0[name] }, "\(name)")
            }
        }
    }

    @Test func anExportTakesTheListsParametersThatMeanSomething() async throws {
        try await withApp(Self.app) { client in
            for word in ["b", "a", "c"] { _ = try await client.post("/api/things", ["word": .string(word)]) }
            let csv: Headers = ["Accept": "text/csv"]
            let sorted = try await client.get("/api/things?sort=-word&fields=word", csv)
            #expect(sorted.text == "word\r\nc\r\nb\r\na\r\n")
            let lines = try await client.get("/api/things?sort=word&fields=word", ["Accept": "application/x-ndjson"])
            #expect(lines.text == "{\"word\":\"a\"}\n{\"word\":\"b\"}\n{\"word\":\"c\"}\n")
            let cursor = try #require(try await client.get("/api/things?sort=word&limit=1").json["next"]?.string)
            #expect(
                try await client.get("/api/things?sort=word&fields=word&after=\(cursor)", csv).text
                    == "word\r\nb\r\nc\r\n"
            )
            for query in ["limit=1", "count=true", "x=1", "fields=none", "sort=none", "after=x"] {
                let refused = try await client.get("/api/things?\(query)", csv)
                #expect(refused.outcome == "400 malformed")
                #expect(refused["Content-Type"] == "application/problem+json")
            }
            let head = try await client.head("/api/things", csv)
            #expect(head.status == 200 && head.body.isEmpty)
        }
    }

    @Test(arguments: [
        ("text/csv", "text/csv"), ("application/x-ndjson", "application/x-ndjson"), ("*/*", "application/json"),
        ("text/csv;q=0.5, application/json;q=0.4", "text/csv"), ("text/*", "text/csv"),
        ("text/csv;q=0, */*", "application/json"),
    ])
    func acceptChoosesTheFormat(accept: String, type: String) async throws {
        try await withApp(Self.app) { client in
            let response = try await client.get("/api/things", ["Accept": accept])
            #expect(response["Content-Type"]?.hasPrefix(type) == true)
        }
    }
}
