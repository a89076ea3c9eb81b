import OffstageSchema
import Testing

/// Several requests on one connection.
@Suite struct PipeliningTests {
    private static func post(_ name: String) -> String {
        let body = "{\"name\":\"\(name)\"}"
        return
            "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await withApp(Apps.shop, files: ["x.txt": "file"]) { client in
            let connection = try await client.connect()
            var text = ""
            for number in 1...20 {
                text += Self.post("\(number)")
                text += "GET /x.txt HTTP/1.1\r\nHost: a\r\n\r\n"
                text += "HEAD /x.txt HTTP/1.1\r\nHost: a\r\n\r\n"
                text += "GET /api/categories?count=true&limit=1 HTTP/1.1\r\nHost: a\r\n\r\n"
                text += "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n"
            }
            connection.sendWithoutWaiting(Array(text.utf8))
            for number in 1...20 {
                #expect(try await connection.response().json["name"] == .string("\(number)"))
                #expect(try await connection.response().text == "file")
                let head = try await connection.response(to: "HEAD")
                #expect(head["Content-Length"] == "4")
                #expect(try await connection.response().json["total"] == .number("\(number)"))
                #expect(try await connection.response().status == 404)
            }
        }
    }

    /// Many tools end their side as soon as they have sent all.
    @Test func whoEndsTheirSideIsStillAnswered() async throws {
        try await withApp(Apps.shop, files: ["x.txt": "file"]) { client in
            for number in 1...20 {
                let connection = try await client.connect()
                let requests =
                    Self.post("\(number)") + "GET /x.txt HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "GET /api/categories?count=true&limit=1 HTTP/1.1\r\nHost: a\r\n\r\n"
                connection.sendWithoutWaiting(Array(requests.utf8))
                try await connection.endSending()
                #expect(try await connection.response().status == 201)
                #expect(try await connection.response().text == "file")
                #expect(try await connection.response().json["total"] == .number("\(number)"))
                #expect(try await connection.rest().isEmpty)
            }
        }
    }

    @Test func aLongAnswerIsFollowedByTheNext() async throws {
        try await withApp(Apps.shop) { client in
            for number in 1...3 { _ = try await client.post("/api/categories", ["name": .string("\(number)")]) }
            let connection = try await client.connect()
            let export = "GET /api/categories HTTP/1.1\r\nHost: a\r\nAccept: application/x-ndjson\r\n\r\n"
            connection.sendWithoutWaiting(Array((export + Self.post("4") + export).utf8))
            #expect(try await connection.response().text.split(separator: "\n").count == 3)
            #expect(try await connection.response().status == 201)
            #expect(try await connection.response().text.split(separator: "\n").count == 4)
        }
    }

    @Test func nonsenseBehindARequestDoesNotTakeItsAnswerAway() async throws {
        try await withApp(Apps.shop) { client in
            for _ in 1...20 {
                let connection = try await client.connect()
                connection.sendWithoutWaiting(Array((Self.post("x") + "NONSENSE\r\n\r\n").utf8))
                let first = try await connection.response()
                #expect(first.status == 201 || first.outcome == "409 conflict")
                let rest = String(decoding: try await connection.rest(), as: UTF8.self)
                #expect(rest.isEmpty || rest.hasPrefix("HTTP/1.1 400 "))
            }
            #expect(try await client.all("categories").count == 1)
        }
    }

    @Test func closeIsObeyed() async throws {
        try await withApp(Apps.shop) { client in
            for value in ["close", "Close", "keep-alive, close"] {
                let connection = try await client.connect()
                try await connection.send("GET /health HTTP/1.1\r\nHost: a\r\nConnection: \(value)\r\n\r\n")
                #expect(try await connection.response().status == 200)
                #expect(try await connection.rest().isEmpty, "\(value)")
            }
        }
    }

    @Test func anOlderClientIsAnsweredWithoutChunksAndClosed() async throws {
        try await withApp(Apps.shop, files: ["x.txt": "file"]) { client in
            _ = try await client.post("/api/categories", ["name": "a"])
            for (path, headers) in [
                ("/x.txt", ""), ("/x.txt", "Host: a\r\n"), ("/api/categories", "Accept: text/csv\r\n"),
            ] {
                let connection = try await client.connect()
                try await connection.send("GET \(path) HTTP/1.0\r\n\(headers)\r\n")
                let response = try await connection.response()
                #expect(response.status == 200)
                #expect(response["Transfer-Encoding"] == nil)
                #expect(!response.body.isEmpty)
                #expect(try await connection.rest().isEmpty)
            }
        }
    }

    @Test func aBodyThatIsExpectedIsAskedFor() async throws {
        try await withApp(Apps.shop) { client in
            let connection = try await client.connect()
            try await connection.send(
                "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n"
            )
            #expect(try await connection.response().status == 100)
            try await connection.send("{\"name\":\"x\"}")
            #expect(try await connection.response().status == 201)
        }
    }

    /// The headers are known before the body comes, so a wrong request need not send it.
    @Test func anUnreadBodyDoesNotBecomeTheNextRequest() async throws {
        try await withApp(Apps.shop) { client in
            let connection = try await client.connect()
            let inner = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
            for path in ["/nothing", "/api/nothing", "/api/categories?x=1", "/%ff"] {
                try await connection.send(
                    "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(inner.utf8.count)\r\n\r\n\(inner)"
                )
                #expect(try await connection.response().status >= 400)
                try await connection.send("GET /api/categories HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await connection.response().text == #"{"items":[],"next":null}"#)
            }
        }
    }
}
