import OffstageSchema
import Testing

/// How much a request may hold.
@Suite struct LimitTests {
    @Test func headersUpTo32KiBAreRead() async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.get("/health", ["X-Long": String(repeating: "a", count: 31_000)])
            #expect(response.status == 200)
            let path = "/health?" + String(repeating: "a", count: 20_000)
            #expect(try await client.get(path).status == 200)
        }
    }

    private static let tooLarge: [(what: String, lines: String)] = [
        ("one field", "X-Long: " + String(repeating: "a", count: 40_000) + "\r\n"),
        ("many fields", (0..<150).map { "X-\($0): " + String(repeating: "a", count: 300) + "\r\n" }.joined()),
        ("a name", String(repeating: "a", count: 40_000) + ": x\r\n"),
        ("a number of fields", (0..<300).map { "X-\($0): y\r\n" }.joined()),
    ]

    @Test func largerHeadersAreRefused() async throws {
        try await withApp(Apps.shop) { client in
            for (what, lines) in Self.tooLarge {
                let connection = try await client.connect()
                connection.sendWithoutWaiting(Array("GET /health HTTP/1.1\r\nHost: a\r\n\(lines)\r\n".utf8))
                let response = try await connection.response()
                #expect(response.outcome == "431 headers_too_large", "\(what)")
                #expect(response["Content-Type"] == "application/problem+json")
                #expect(try await connection.rest().isEmpty)
            }
        }
    }

    @Test func anEndlessTargetIsRefused() async throws {
        try await withApp(Apps.shop) { client in
            let connection = try await client.connect()
            connection.sendWithoutWaiting(
                Array("GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
            )
            #expect([400, 414, 431].contains(try await connection.response().status))
        }
    }

    @Test func aBodyThatSaysItIsTooLargeIsNotWaitedFor() async throws {
        try await withApp(Apps.shop) { client in
            for (path, length) in [("/api/categories", 1_048_577), ("/api/categories/import", 1_000_000_000_000)] {
                let connection = try await client.connect()
                try await connection.send(
                    "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: \(length)\r\n\r\n{"
                )
                let response = try await connection.response()
                #expect(response.outcome == "413 too_large")
                #expect(response["Connection"] == "close")
                #expect(try await connection.rest().isEmpty)
            }
        }
    }

    @Test func aBodyWithoutALengthIsCutOffAtTheLimit() async throws {
        try await withApp(Apps.shop) { client in
            let connection = try await client.connect()
            try await connection.send(
                "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            let chunk = Array("10000\r\n\(String(repeating: " ", count: 65_536))\r\n".utf8)
            for _ in 1...20 { connection.sendWithoutWaiting(chunk) }
            let response = try await connection.response()
            #expect(response.outcome == "413 too_large")
        }
    }

    @Test func formsHaveAtMostTenThousandFields() async throws {
        try await withApp(Apps.shop) { client in
            let fields = (0...10_000).map { "f\($0)=1" }.joined(separator: "&")
            let response = try await client.postForm("/api/categories", fields)
            #expect(response.outcome == "400 malformed")
        }
    }
}
