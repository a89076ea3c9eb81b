import OffstageSchema
import OffstageStorage
import Testing

/// Problem pages, health, and what stands on every answer.
@Suite struct PageTests {
    @Test func everyProblemHasItsPage() async throws {
        try await withApp(Apps.shop) { client in
            let list = try await client.get("/problems")
            #expect(list.status == 200)
            #expect(list["Content-Type"] == "text/html; charset=utf-8")
            for kind in Failure.Kind.allCases {
                let page = try await client.get("/problems/\(kind.rawValue)")
                #expect(page.status == 200)
                #expect(page.text.contains("<code>\(kind.rawValue)</code>"))
                #expect(list.text.contains("/problems/\(kind.rawValue)\""))
            }
            #expect(try await client.get("/problems/").status == 200)
            for path in ["/problems/nothing", "/problems/invalid/x", "/problems/Invalid"] {
                #expect(try await client.get(path).outcome == "404 not_found", "\(path)")
            }
            #expect(try await client.send("POST", "/problems/invalid")["Allow"] == "GET, HEAD")
        }
    }

    @Test func theTypeOfAProblemIsAPage() async throws {
        try await withApp(Apps.shop) { client in
            let problems = [
                try await client.get("/api/products?x=1"), try await client.get("/api/nothing"),
                try await client.post("/api/products", [:]), try await client.send("PROPFIND", "/api/products"),
            ]
            for problem in problems {
                #expect(problem["Content-Type"] == "application/problem+json")
                #expect(problem["Cache-Control"] == "no-store")
                let names = ["type", "title", "status", "detail", "code", "request"]
                #expect(Array(problem.json.names.prefix(6)) == names)
                #expect(problem.json["status"] == .number(String(problem.status)))
                let type = try #require(problem.json["type"]?.string)
                #expect(try await client.get(type).status == 200)
            }
            let requests = Set(problems.compactMap { $0.json["request"]?.string })
            #expect(requests.count == problems.count)
        }
    }

    @Test func healthIsGoodWhileAWriteCanCommit() async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.get("/health")
            #expect(response.status == 200)
            #expect(response.json == ["status": "ok"])
            #expect(response["Cache-Control"] == "no-store")
            #expect(try await client.head("/health").status == 200)
            #expect(try await client.send("POST", "/health").outcome == "405 method_not_allowed")
            #expect(try await client.get("/health/x").status == 404)
            await client.app.engine.close()
            let closed = try await client.get("/health")
            #expect(closed.status == 503)
            #expect(closed.code == "unavailable")
            #expect(closed["Retry-After"] != nil)
            #expect(!closed.text.contains("sqlite"))
        }
    }

    @Test(arguments: [
        ("/api/products", "PUT", "GET, HEAD, POST"), ("/api/products", "DELETE", "GET, HEAD, POST"),
        ("/api/products/\(Apps.id(1))", "POST", "GET, HEAD, PATCH, PUT, DELETE"),
        ("/api/products/import", "GET", "POST"), ("/api/products/import", "PUT", "POST"),
        ("/api/products", "PROPFIND", "GET, HEAD, POST"), ("/api/products", "TRACE", "GET, HEAD, POST"),
    ])
    func otherMethodsAreRefusedWithThoseAllowed(path: String, method: String, allowed: String) async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.send(method, path)
            #expect(response.outcome == "405 method_not_allowed")
            #expect(response["Allow"] == allowed)
        }
    }

    @Test(arguments: [
        "/api", "/api/", "/api/products/", "/api/nothing", "/api/products/a/b", "/api//products", "/API/products",
        "/api/Products",
        "/api/_journal", "/api/_offstage", "/api/sqlite_schema", "/api/products%20",
    ])
    func unknownPathsAreNotFound(path: String) async throws {
        try await withApp(Apps.shop) { client in
            for method in ["GET", "POST", "PUT", "DELETE"] {
                let response = try await client.send(method, path)
                #expect(response.status == 404 || (path.hasPrefix("/API") && response.status == 405), "\(method)")
            }
        }
    }

    @Test func everyAnswerHasADateAndNoSniffing() async throws {
        try await withApp(Apps.shop) { client in
            for path in ["/", "/api/products", "/health", "/problems", "/nothing", "/%ff", "/forms/_page.css"] {
                let response = try await client.get(path)
                let date = try #require(response["Date"], "\(path)")
                #expect(date.utf8.count == 29 && date.hasSuffix(" GMT"))
                #expect(response["X-Content-Type-Options"] == "nosniff")
                #expect(response["Server"] == nil)
            }
        }
    }
}
