import OffstageSchema
import Testing

/// Requests that two programs could read differently (RFC 9112): refused, and the connection ends.
@Suite struct FramingTests {
    static let refused: [(what: String, text: String)] = [
        (
            "length and chunks",
            "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 12\r\nTransfer-Encoding: chunked\r\n\r\nc\r\n{\"name\":\"x\"}\r\n0\r\n\r\n"
        ),
        (
            "chunks and length",
            "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nContent-Length: 12\r\n\r\nc\r\n{\"name\":\"x\"}\r\n0\r\n\r\n"
        ),
        (
            "two lengths",
            "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 12\r\nContent-Length: 13\r\n\r\n{\"name\":\"x\"}"
        ),
        (
            "one length twice",
            "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 12\r\nContent-Length: 12\r\n\r\n{\"name\":\"x\"}"
        ),
        (
            "lengths in a list",
            "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 12, 12\r\n\r\n{\"name\":\"x\"}"
        ),
        ("negative length", "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"),
        (
            "length with a plus",
            "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Length: +12\r\n\r\n{\"name\":\"x\"}"
        ),
        ("huge length", "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n"),
        ("length that is no number", "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Length: 0x10\r\n\r\n"),
        (
            "chunked twice",
            "POST /api/categories HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"
        ),
        (
            "chunked not last",
            "POST /api/categories HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"
        ),
        (
            "unknown encoding",
            "POST /api/categories HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"
        ),
        (
            "bad chunk size",
            "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n"
        ),
        (
            "chunk size with sign",
            "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nab\r\n0\r\n\r\n"
        ),
        ("space before the colon", "GET /api/categories HTTP/1.1\r\nHost: a\r\nX-Name : b\r\n\r\n"),
        ("folded header", "GET /api/categories HTTP/1.1\r\nHost: a\r\nX-Name: b\r\n c\r\n\r\n"),
        ("header without colon", "GET /api/categories HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n"),
        ("bare CR in a value", "GET /api/categories HTTP/1.1\r\nHost: a\r\nX-Name: b\rX-Other: c\r\n\r\n"),
        ("NUL in a value", "GET /api/categories HTTP/1.1\r\nHost: a\r\nX-Name: b\0c\r\n\r\n"),
        ("NUL in the target", "GET /api/cat\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("bare LF in the start line", "GET /api/categories HTTP/1.1\nHost: a\r\n\r\n"),
        ("bare LF in the headers", "GET /api/categories HTTP/1.1\r\nHost: a\nX-Name: b\r\n\r\n"),
        ("bare LF at the end", "GET /api/categories HTTP/1.1\r\nHost: a\r\n\n"),
        ("no version", "GET /api/categories\r\nHost: a\r\n\r\n"),
        ("unknown version", "GET /api/categories HTTP/9.9\r\nHost: a\r\n\r\n"),
        ("unknown method", "BREW /api/categories HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("method in lower case", "get /health HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("not HTTP", "HELLO\r\n\r\n"), ("TLS", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\r\n\r\n"),
        ("space in the target", "GET /api/cat egories HTTP/1.1\r\nHost: a\r\n\r\n"),
    ]

    @Test func whatCanBeReadInTwoWaysIsRefusedAndTheConnectionEnds() async throws {
        try await withApp(Apps.shop) { client in
            for (what, text) in Self.refused {
                let connection = try await client.connect()
                // What is smuggled behind must not be answered.
                connection.sendWithoutWaiting(Array((text + "GET /health HTTP/1.1\r\nHost: a\r\n\r\n").utf8))
                let answer = String(decoding: try await connection.rest(), as: UTF8.self)
                #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(what): \(answer.prefix(300))")
                #expect(answer.components("HTTP/1.1 ") == 1, "\(what): \(answer)")
                #expect(!answer.contains("\"status\":\"ok\""), "\(what)")
            }
            #expect(try await client.all("categories").isEmpty)
        }
    }

    @Test func theRefusalIsAProblem() async throws {
        try await withApp(Apps.shop) { client in
            let connection = try await client.connect()
            try await connection.send("HELLO\r\n\r\n")
            let response = try await connection.response()
            #expect(response.outcome == "400 malformed")
            #expect(response["Content-Type"] == "application/problem+json")
            #expect(response["Connection"] == "close")
            #expect(try await connection.rest().isEmpty)
        }
    }

    @Test func chunkedBodiesAreRead() async throws {
        try await withApp(Apps.shop) { client in
            let connection = try await client.connect()
            let head =
                "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            try await connection.send(head + "1\r\n{\r\n")
            try await connection.send("7;ext=1\r\n\"name\":\r\n4\r\n\"x\"}\r\n0\r\nTrailer: x\r\n\r\n")
            let response = try await connection.response()
            #expect(response.status == 201)
            #expect(response.json["name"] == "x")
            try await connection.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await connection.response().status == 200)
        }
    }

    @Test func aRequestMayComeByteByByte() async throws {
        try await withApp(Apps.shop) { client in
            let connection = try await client.connect()
            let body = "{\"name\":\"é\"}"
            let text =
                "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            for byte in text.utf8 { try await connection.send([byte]) }
            #expect(try await connection.response().json["name"] == "é")
        }
    }

    /// RFC 9112, section 3.2: no host, or two, is a request that nobody can place.
    @Test(arguments: [
        "GET /health HTTP/1.1\r\n\r\n", "GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    ])
    func aRequestNamesOneHost(text: String) async throws {
        try await withApp(Apps.shop) { client in
            let connection = try await client.connect()
            try await connection.send(text)
            #expect(try await connection.response().outcome == "400 malformed")
        }
    }

    /// RFC 9112, section 3.2.2: what is sent through a proxy names the server in the target.
    @Test func absoluteTargetsAreRead() async throws {
        try await withApp(Apps.shop) { client in
            let connection = try await client.connect()
            for target in ["http://a.example/health", "HTTP://a.example:80/api/categories?limit=1", "http://a.example"]
            {
                try await connection.send("GET \(target) HTTP/1.1\r\nHost: a.example\r\n\r\n")
                #expect(try await connection.response().status == 200, "\(target)")
            }
        }
    }
}

extension String {
    /// How often a part stands in the text.
    func components(_ part: String) -> Int {
        ranges(of: part).count
    }
}
