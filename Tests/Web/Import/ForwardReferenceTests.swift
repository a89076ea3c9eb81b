import OffstageSchema
import Testing

/// Rows may point to rows that come later in the file, as an export of a tree has them.
@Suite struct ForwardReferenceTests {
    private static let tree = """
        collections:
          nodes:
            fields:
              name: {type: text, required: true}
              parent: {type: relation, to: nodes}
            access: {read: true, create: true}
        """

    private static func send(_ client: Client, _ lines: [String]) async throws -> Response {
        let body = Array(lines.joined(separator: "\n").utf8)
        return try await client.send("POST", "/api/nodes/import", ["Content-Type": "application/x-ndjson"], body: body)
    }

    private static func row(_ number: Int, parent: Int?) -> String {
        let pointer = parent.map { "\"\(Apps.id($0))\"" } ?? "null"
        return "{\"id\":\"\(Apps.id(number))\",\"name\":\"\(number)\",\"parent\":\(pointer)}"
    }

    @Test func aTreeMayComeLeavesFirst() async throws {
        try await withApp(Self.tree) { client in
            let rows = (1...50).map { Self.row($0, parent: $0 < 50 ? $0 + 1 : nil) }
            let response = try await Self.send(client, rows)
            #expect(response.json == ["imported": 50], "\(response.text)")
            #expect(try await client.journal().count == 50)
        }
    }

    @Test func whatPointsNowhereIsNamedByItsLine() async throws {
        try await withApp(Self.tree) { client in
            let response = try await Self.send(
                client,
                [Self.row(1, parent: 2), Self.row(2, parent: 9), Self.row(3, parent: nil)]
            )
            #expect(response.outcome == "422 invalid")
            #expect(Set(response.faults) == ["/1/parent relation", "/2/parent relation"])
            #expect(try await client.all("nodes").isEmpty)
        }
    }

    /// A chain in which each row waits for the next takes no longer than its rows.
    @Test func aLongChainIsStoredOnce() async throws {
        let app = """
            collections:
              logs:
                fields: {next: {type: relation, to: logs}, links: {type: relation, to: logs, many: true}}
                access: {read: true, create: true}
            """
        try await withApp(app) { client in
            let count = 3_000
            let rows = (1...count).map { number in
                let next = number == count ? "null" : "\"\(Apps.id(number + 1))\""
                let links = number == count ? "[]" : "[\"\(Apps.id(number + 1))\"]"
                return "{\"id\": \"\(Apps.id(number))\", \"next\": \(next), \"links\": \(links)}"
            }
            let response = try await client.send(
                "POST",
                "/api/logs/import",
                ["Content-Type": "application/x-ndjson"],
                body: Array(rows.joined(separator: "\n").utf8)
            )
            #expect(response.json["imported"] == .number("\(count)"))
            #expect(try await client.get("/api/logs?limit=1&count=true").json["total"] == .number("\(count)"))
        }
    }

    /// A row without an id of its own that waits is stored once.
    @Test func aRowThatWaitedIsNotStoredTwice() async throws {
        let app = """
            collections:
              logs:
                fields: {name: text, links: {type: relation, to: logs, many: true}}
                access: {read: true, create: true}
            """
        try await withApp(app) { client in
            let rows = "{\"name\": \"a\", \"links\": [\"\(Apps.id(2))\"]}\n{\"id\": \"\(Apps.id(2))\", \"name\": \"b\"}"
            let response = try await client.send(
                "POST",
                "/api/logs/import",
                ["Content-Type": "application/x-ndjson"],
                body: Array(rows.utf8)
            )
            #expect(response.json["imported"] == .number("2"))
            #expect(try await client.all("logs").compactMap { $0["name"]?.string }.sorted() == ["a", "b"])
        }
    }
}
