import OffstageSchema
import Testing

/// The document of the app: what it tells, what it keeps to itself, and how it is served.
@Suite struct DocumentTests {
    private static let app = """
        name: Described
        url: https://shop.example
        collections:
          products:
            label: Goods
            \(Apps.open)
            fields:
              name: {type: text, required: true, max: 120}
              sku: {type: text, unique: true, pattern: "[A-Z]{3}-[0-9]{4}"}
              price: {type: decimal, digits: 10, scale: 2, min: 0}
              stock: {type: integer, default: 3, min: 0}
              tags: {type: text, many: true, max: 30}
              state: {type: choice, of: [draft, published]}
              rating: {type: integer, writable: false}
              hush: {type: text, readable: false}
              buried: {type: text, readable: false, writable: false}
          shown:
            access: {read: true}
            fields: {word: {type: text}}
          dropbox:
            access: {create: true}
            fields: {word: {type: text, required: true}}
          unread:
            access: {update: true, delete: true, create: true}
            fields: {word: {type: text}}
          changed_only:
            access: {read: true, update: true}
            fields: {word: {type: text}}
          lost:
            access: {update: true, delete: true}
            fields: {word: {type: text}}
          vaults:
            access: {}
            fields: {treasure: {type: text}, worth: {type: integer}}
        forms:
          tip:
            into: vaults
            fields: [treasure]
        """

    private static func schema(_ document: JSON, _ name: String) -> JSON? {
        document["components"]?["schemas"]?[name]
    }

    @Test func itIsServedWithATagAndAnswers304() async throws {
        try await withApp(Self.app) { client in
            let first = try await client.get("/openapi.json")
            #expect(first.status == 200)
            #expect(first["Content-Type"] == "application/json")
            #expect(first["Cache-Control"] == "no-cache")
            let tag = try #require(first["ETag"])
            let again = try await client.get("/openapi.json", ["If-None-Match": tag])
            #expect(again.status == 304)
            #expect(again.body.isEmpty)
            #expect(again["ETag"] == tag)
            #expect(try await client.get("/openapi.json", ["If-None-Match": "\"other\""]).status == 200)
            #expect(try await client.head("/openapi.json").status == 200)
            #expect(try await client.send("POST", "/openapi.json")["Allow"] == "GET, HEAD")
            #expect(first.json["openapi"] == "3.1.1")
            #expect(first.json["servers"]?.elements.first?["url"] == "https://shop.example")
        }
    }

    /// Closed collections and fields are nowhere in it, not even in a sentence.
    @Test func whatIsClosedIsNotNamed() async throws {
        try await withApp(Self.app) { client in
            for path in ["/openapi.json", "/docs"] {
                let text = try await client.get(path).text
                for word in ["vaults", "Vault", "worth", "buried", "lost", "Lost"] {
                    #expect(!text.contains(word), "\(path) names \(word)")
                }
                #expect(text.contains("treasure"), "\(path): the form shows its field")
            }
        }
    }

    /// A method of an address is in the document exactly when `Allow` names it and it is not refused whatever is sent. What is
    /// nobody's is refused as it is to somebody whom the rules refuse, and what an address can't have is a 405.
    @Test func everyMethodThatIsAnsweredIsDescribedAndNoOther() async throws {
        try await withApp(Self.app) { client in
            let paths = try #require(try await client.get("/openapi.json").json["paths"])
            for name in ["products", "shown", "dropbox", "unread", "changed_only", "lost", "vaults"] {
                for (suffix, methods) in Self.methods {
                    let path = "/api/\(name)\(suffix)"
                    let sent = path.replacing("{id}", with: Apps.absentID)
                    let described = Set(paths[path]?.names ?? [])
                    let allow = try await client.send("OPTIONS", sent)["Allow"] ?? ""
                    let allowed = Set(allow.split(separator: ", ").map { $0.lowercased() })
                    let isKnown = !described.isEmpty
                    if isKnown { #expect(allowed.subtracting(["head", "options"]) == described, "\(path): \(allow)") }
                    for method in ["GET", "POST", "PATCH", "PUT", "DELETE"] {
                        let status = try await client.send(method, sent).status
                        let isDescribed = described.contains(method.lowercased())
                        let refusal = ["POST", "PUT"].contains(method) && name != "vaults" ? 401 : 404
                        switch (isDescribed, methods.contains(method)) {
                        // Without a body a write is refused for that; the record of a read is not there.
                        case (true, _): #expect([200, 204, 404, 415].contains(status), "\(method) \(path): \(status)")
                        case (false, true): #expect(status == refusal, "\(method) \(path): \(status)")
                        case (false, false):
                            #expect(status == (name == "vaults" ? 404 : 405), "\(method) \(path): \(status)")
                        }
                    }
                }
            }
        }
    }

    private static let methods = [
        ("", ["GET", "POST"]), ("/import", ["POST"]), ("/summary", ["GET"]),
        ("/{id}", ["GET", "PATCH", "PUT", "DELETE"]),
    ]

    @Test func everyPathWithoutARecordIsThere() async throws {
        try await withApp(Self.app) { client in
            let paths = try #require(try await client.get("/openapi.json").json["paths"])
            let pages = paths.names.filter { !$0.hasPrefix("/api/") && !$0.hasPrefix("/auth/") }
            let expected = [
                "/forms/tip", "/forms/tip/thanks", "/health", "/openapi.json", "/docs", "/problems", "/problems/{code}",
            ]
            #expect(pages == expected)
            for path in pages {
                let sent = path.replacing("{code}", with: "invalid")
                #expect(try await client.get(sent).status == 200, "\(path)")
            }
        }
    }

    @Test func recordsAreDescribedAsTheyAreReadAndWritten() async throws {
        try await withApp(Self.app) { client in
            let document = try await client.get("/openapi.json").json
            let read = try #require(Self.schema(document, "Product"))
            let shown = [
                "id", "name", "sku", "price", "stock", "tags", "state", "rating", "created", "updated", "version",
            ]
            #expect(read["properties"]?.names == shown)
            #expect(read["properties"]?["rating"]?["readOnly"] == true)
            #expect(read["properties"]?["version"]?["readOnly"] == true)
            #expect(read["properties"]?["name"]?["type"] == "string")
            #expect(read["properties"]?["price"]?["type"] == ["string", "null"])
            #expect(read["properties"]?["price"]?["pattern"] == #"^(?:0|[1-9][0-9]{0,7})\.[0-9]{2}$"#)
            #expect(read["properties"]?["state"]?["enum"] == ["draft", "published", .null])

            let create = try #require(Self.schema(document, "ProductCreate"))
            let taken = ["id", "name", "sku", "price", "stock", "tags", "state", "hush"]
            #expect(create["properties"]?.names == taken)
            #expect(create["required"] == ["name"])
            #expect(create["additionalProperties"] == false)
            #expect(create["properties"]?["stock"]?["default"] == 3)
            #expect(create["properties"]?["name"]?["maxLength"] == 120)
            #expect(create["properties"]?["name"]?["minLength"] == 1)
            #expect(create["properties"]?["sku"]?["pattern"] == "^(?:[A-Z]{3}-[0-9]{4})$")
            #expect(create["properties"]?["tags"]?["items"]?["maxLength"] == 30)

            let patch = try #require(Self.schema(document, "ProductPatch"))
            #expect(patch["required"] == nil)
            #expect(patch["properties"]?["stock"]?["default"] == nil, "a patch has no defaults")
            #expect(Self.schema(document, "ShownCreate") == nil)
            #expect(Self.schema(document, "DropboxPage") == nil)
        }
    }

    @Test func everyProblemIsDescribed() async throws {
        try await withApp(Self.app) { client in
            let document = try await client.get("/openapi.json").json
            let codes = Self.schema(document, "Problem")?["properties"]?["code"]?["enum"]?.elements.compactMap(\.string)
            #expect(codes == Failure.Kind.allCases.map(\.rawValue))
            let update = document["paths"]?["/api/products/{id}"]?["patch"]
            #expect(update?["responses"]?["412"]?["$ref"] == "#/components/responses/StaleProblem")
            let names = update?["parameters"]?.elements.compactMap { $0["name"]?.string } ?? []
            #expect(names == ["id", "If-Match", "Idempotency-Key"])
            let headers = update?["responses"]?["200"]?["headers"]?.names ?? []
            #expect(headers == ["ETag", "Idempotent-Replayed"])
        }
    }

    /// Every reference leads somewhere, and every operation has a name of its own.
    @Test func referencesAndNamesHold() async throws {
        try await withApp(Self.app) { client in
            let document = try await client.get("/openapi.json").json
            var references = Set<String>()
            var operations: [String] = []
            Self.walk(document) { name, value in
                if name == "$ref", let text = value.string { references.insert(text) }
                if name == "operationId", let text = value.string { operations.append(text) }
            }
            #expect(references.count > 20)
            for reference in references {
                let parts = reference.split(separator: "/").dropFirst().map(String.init)
                #expect(parts.reduce(document as JSON?) { $0?[$1] } != nil, "\(reference)")
            }
            // The links name operations too.
            let unique = Set(operations.map { $0.lowercased() })
            let declared = document["paths"]?.names.flatMap { path in
                (document["paths"]?[path]?.names ?? []).compactMap {
                    document["paths"]?[path]?[$0]?["operationId"]?.string?.lowercased()
                }
            }
            #expect(Set(declared ?? []) == unique)
            #expect(declared?.count == unique.count)
            #expect(unique.isSuperset(of: ["listproducts", "createproduct", "getproduct", "importproducts"]))
        }
    }

    private static func walk(_ json: JSON, _ visit: (String, JSON) -> Void) {
        switch json {
        case .object(let members):
            for member in members {
                visit(member.name, member.value)
                walk(member.value, visit)
            }
        case .array(let elements): for element in elements { walk(element, visit) }
        default: break
        }
    }
}
