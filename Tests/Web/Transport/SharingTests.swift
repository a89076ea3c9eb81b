import OffstageSchema
import Testing

/// Which pages of other sites may read answers (CORS).
@Suite struct SharingTests {
    private static let appFile = """
        name: Sharing
        origins: [https://www.shop.example]
        collections:
          notes: {\(Apps.open), fields: {word: {type: text}}}
        forms:
          note: {into: notes, fields: [word]}
        """

    @Test func listedOriginsMayReadEveryAnswer() async throws {
        try await withApp(Self.appFile) { client in
            let origin: Headers = ["Origin": "https://www.shop.example"]
            for path in ["/api/notes", "/api/nothing", "/api/notes?x=1", "/api/notes/\(Apps.id(1))", "/forms/note"] {
                let response = try await client.get(path, origin)
                #expect(response["Access-Control-Allow-Origin"] == "https://www.shop.example", "\(path)")
                #expect(response["Access-Control-Expose-Headers"]?.contains("ETag") == true)
                #expect(response["Access-Control-Allow-Credentials"] == nil)
                #expect(response["Vary"]?.contains("Origin") == true)
            }
            let made = try await client.post("/api/notes", ["word": "x"], origin)
            #expect(made["Access-Control-Allow-Origin"] == "https://www.shop.example")
        }
    }

    @Test(arguments: [
        "null", "https://shop.example", "http://www.shop.example", "https://www.shop.example.evil.example",
        "https://wwwxshop.example",
        "https://www.shop.example:443", "https://www.shop.example/", "https://WWW.SHOP.EXAMPLE", "*",
        "https://evil.example",
        "https://www.shop.example, https://evil.example",
    ])
    func othersGetNoHeader(origin: String) async throws {
        try await withApp(Self.appFile) { client in
            for method in ["GET", "OPTIONS"] {
                let headers: Headers = ["Origin": origin, "Access-Control-Request-Method": "PUT"]
                let response = try await client.send(method, "/api/notes", headers)
                #expect(response["Access-Control-Allow-Origin"] == nil)
                #expect(response["Access-Control-Allow-Methods"] == nil)
                #expect(response["Vary"]?.contains("Origin") == true)
            }
        }
    }

    @Test func aPreflightNamesWhatIsAllowed() async throws {
        try await withApp(Self.appFile) { client in
            let headers: Headers = [
                "Origin": "https://www.shop.example", "Access-Control-Request-Method": "PATCH",
                "Access-Control-Request-Headers": "content-type,if-match,idempotency-key",
            ]
            for path in ["/api/notes", "/api/notes/\(Apps.id(1))", "/forms/note", "/api/nothing"] {
                let response = try await client.send("OPTIONS", path, headers)
                #expect(response.status == 204)
                #expect(response["Access-Control-Allow-Origin"] == "https://www.shop.example")
                #expect(response["Access-Control-Allow-Methods"]?.contains("PATCH") == true)
                for name in ["Content-Type", "If-Match", "Idempotency-Key"] {
                    #expect(response["Access-Control-Allow-Headers"]?.contains(name) == true)
                }
            }
        }
    }

    @Test func anAppWithoutOriginsSharesNothing() async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.get("/api/products", ["Origin": "https://www.shop.example"])
            #expect(response.headers.allSatisfy { !$0.name.lowercased().hasPrefix("access-control") })
        }
    }
}
