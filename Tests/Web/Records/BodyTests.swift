import OffstageSchema
import Testing

/// JSON, urlencoded and multipart bodies alike, and what is none of them.
@Suite struct BodyTests {
    /// A multipart body of texts.
    static func multipart(_ parts: [(String, String)], boundary: String = "XX") -> [UInt8] {
        var text = ""
        for (name, value) in parts {
            text += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        return Array((text + "--\(boundary)--\r\n").utf8)
    }

    static let multipartType: Headers = ["Content-Type": "multipart/form-data; boundary=XX"]

    @Test func theThreeKindsOfBodyMakeTheSameRecord() async throws {
        try await withApp(Apps.shop) { client in
            let json = try await client.post(
                "/api/products",
                ["name": "Tea & cake é", "price": "3.50", "stock": 2, "tags": ["a", "b"], "released": "2026-01-02"]
            )
            let urlencoded = try await client.postForm(
                "/api/products",
                "name=Tea+%26+cake+%C3%A9&price=3.50&stock=2&tags=a&tags=b&released=2026-01-02"
            )
            let parts = [
                ("name", "Tea & cake é"), ("price", "3.50"), ("stock", "2"), ("tags", "a"), ("tags", "b"),
                ("released", "2026-01-02"),
            ]
            let multipart = try await client.send(
                "POST",
                "/api/products",
                Self.multipartType,
                body: Self.multipart(parts)
            )
            for response in [json, urlencoded, multipart] {
                #expect(response.status == 201, "\(response.text)")
                for field in ["name", "price", "stock", "tags", "released", "state", "details"] {
                    #expect(response.json[field] == json.json[field])
                }
            }
        }
    }

    @Test func aPatchAndAPutTakeFormsToo() async throws {
        try await withApp(Apps.shop) { client in
            let path = "/api/categories/\(Apps.id(1))"
            let form: Headers = ["Content-Type": "Application/X-WWW-Form-UrlEncoded; charset=UTF-8"]
            let response = try await client.send("PUT", path, form, body: Array("name=a".utf8))
            #expect(response.status == 201)
            #expect(try await client.send("PATCH", path, form, body: Array("name=b".utf8)).json["name"] == "b")
        }
    }

    @Test func faultsOfFormsArePointedToLikeThoseOfJSON() async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.postForm(
                "/api/products",
                "price=x&stock=1&stock=2&tags=ok&colour=red&state="
            )
            #expect(
                response.faults.sorted() == ["/colour unknown", "/name required", "/price type", "/stock duplicate"]
            )
            #expect(try await client.postForm("/api/products", "price=1&name=").faults == ["/name required"])
            #expect(try await client.postForm("/api/products", "").faults == ["/name required"])
        }
    }

    @Test(arguments: [
        "%ff", "name=%ff", "name=%C3", "name=%ED%A0%80",
    ])
    func formsThatAreNoTextAreMalformed(body: String) async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.postForm("/api/categories", body)
            #expect(response.outcome == "400 malformed")
        }
    }

    @Test(arguments: [
        ("name=100%", "100%"), ("name=%zz%4", "%zz%4"), ("name=a%0D%0Ab", "a\nb"), ("name=a%0Ab%0D", "a\nb\r"),
        ("name=+a+", " a "), ("&&name=a=b&", "a=b"), ("name=%E2%82%AC", "€"),
    ])
    func formsAreReadAsBrowsersWriteThem(body: String, name: String) async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.postForm("/api/categories", body)
            #expect(response.json["name"] == .string(name))
        }
    }

    @Test func aNULInAFormIsAFault() async throws {
        try await withApp(Apps.shop) { client in
            #expect(try await client.postForm("/api/categories", "name=a%00b").faults == ["/name type"])
            let parts = Self.multipart([("name", "a\0b")])
            let response = try await client.send("POST", "/api/categories", Self.multipartType, body: parts)
            #expect(response.faults == ["/name type"])
        }
    }

    static let badMultipart: [(type: String, body: String)] = [
        ("multipart/form-data", "--XX\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n--XX--\r\n"),
        ("multipart/form-data; boundary=", "--\r\n\r\n"),
        (
            "multipart/form-data; boundary=YY",
            "--XX\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n--XX--\r\n"
        ),
        ("multipart/form-data; boundary=XX", ""),
        ("multipart/form-data; boundary=XX", "--XX\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na"),
        ("multipart/form-data; boundary=XX", "--XX\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n--XX"),
        ("multipart/form-data; boundary=XX", "--XX\r\nContent-Disposition: form-data\r\n\r\na\r\n--XX--\r\n"),
        ("multipart/form-data; boundary=XX", "--XX\r\n\r\na\r\n--XX--\r\n"),
        ("multipart/form-data; boundary=XX", "--XX\r\nContent-Disposition: form-data; name=\"name\"\r\n--XX--\r\n"),
    ]

    @Test(arguments: badMultipart)
    func brokenMultipartIsMalformed(type: String, body: String) async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.send(
                "POST",
                "/api/categories",
                ["Content-Type": type],
                body: Array(body.utf8)
            )
            #expect(response.outcome == "400 malformed")
        }
    }

    @Test func multipartPartsMayHoldWhatLooksLikeABoundary() async throws {
        try await withApp(Apps.shop) { client in
            let tricky = "a --XX in a line\r\n --XX\r\nend--XX"
            let body = Self.multipart([("name", tricky)])
            let response = try await client.send("POST", "/api/categories", Self.multipartType, body: body)
            #expect(response.outcome == "201")
            #expect(response.json["name"] == "a --XX in a line\n --XX\nend--XX")
        }
    }

    @Test func filesAreRefusedByName() async throws {
        try await withApp(Apps.shop) { client in
            let file = """
                --XX\r\nContent-Disposition: form-data; name="tags"; filename="a.txt"\r\n\
                Content-Type: text/plain\r\n\r\nhello\r\n--XX--\r\n
                """
            let response = try await client.send("POST", "/api/products", Self.multipartType, body: Array(file.utf8))
            #expect(response.outcome == "422 invalid")
            #expect(response.faults == ["/tags file"])
            #expect(response.messages[0].contains("file"))
        }
    }

    @Test func anEmptyFileControlIsNothing() async throws {
        try await withApp(Apps.shop) { client in
            let body = """
                --XX\r\nContent-Disposition: form-data; name="tags"; filename=""\r\n\
                Content-Type: application/octet-stream\r\n\r\n\r\n\
                --XX\r\nContent-Disposition: form-data; name="name"\r\n\r\nTea\r\n--XX--\r\n
                """
            let response = try await client.send("POST", "/api/products", Self.multipartType, body: Array(body.utf8))
            #expect(response.outcome == "201")
        }
    }

    @Test(arguments: ["text/plain", "application/xml", "application/jsonp", "text/json", "json", ""])
    func bodiesOfOtherTypesAreUnsupported(type: String) async throws {
        try await withApp(Apps.shop) { client in
            for method in ["POST", "PATCH", "PUT"] {
                let path = method == "POST" ? "/api/categories" : "/api/categories/\(Apps.id(1))"
                let headers: Headers = type.isEmpty ? [:] : ["Content-Type": type]
                let response = try await client.send(method, path, headers, body: Array("{\"name\":\"x\"}".utf8))
                #expect(response.outcome == "415 unsupported_media_type", "\(method)")
            }
        }
    }

    @Test(arguments: ["text/html", "application/xml", "image/*", "application/json;q=0"])
    func answersThatNobodyWantsAreNotAcceptable(accept: String) async throws {
        try await withApp(Apps.shop) { client in
            let made = try await client.post("/api/categories", ["name": "a"])
            for path in ["/api/categories", "/api/categories/\(made.id)"] {
                #expect(try await client.get(path, ["Accept": accept]).outcome == "406 not_acceptable")
            }
            let refused = try await client.post("/api/categories", ["name": "b"], ["Accept": accept])
            #expect(refused.outcome == "406 not_acceptable")
            #expect(try await client.all("categories").count == 1)
        }
    }

    @Test(arguments: [
        "*/*", "application/*", "application/json", "text/html,*/*;q=0.1", "application/json; charset=utf-8",
    ])
    func answersAreJSONForWhoTakesIt(accept: String) async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.get("/api/categories", ["Accept": accept])
            #expect(response["Content-Type"] == "application/json")
        }
    }

    @Test func bodiesOverTheLimitAreTooLarge() async throws {
        try await withApp(Apps.things("value: {type: text, max: 1000000}")) { client in
            let empty = "{\"value\":\"\"}".utf8.count
            let most = JSON.string(String(repeating: "a", count: 1_000_000))
            #expect(try await client.post("/api/things", ["value": most]).status == 201)
            let padding = String(repeating: " ", count: 1_048_576 - 1 - empty)
            #expect(try await client.sendJSON("POST", "/api/things", "{\"value\":\"a\"}" + padding).status == 201)
            let response = try await client.sendJSON("POST", "/api/things", "{\"value\":\"a\"} " + padding)
            #expect(response.outcome == "413 too_large")
            #expect(response["Connection"] == "close")
        }
    }
}
