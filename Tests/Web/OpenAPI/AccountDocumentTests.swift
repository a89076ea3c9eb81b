import OffstageSchema
import Testing

@testable import OffstageWeb

/// What the document says of accounts, for each way in which an app may have them.
@Suite struct AccountDocumentTests {
    private static let app = """
        name: Described
        url: https://shop.example
        collections:
          orders:
            access: {read: customer == user.id, create: true}
            fields: {customer: {type: relation, to: users, assign: user.id}, item: {type: text, required: true}}
          vaults:
            access: {}
            fields: {treasure: {type: text}}
        """

    private static let withFields = """

        accounts:
          sign_up: open
          fields:
            city: {type: text, required: true, max: 40}
            role: {type: choice, of: [customer, staff], default: customer, writable: false}
            hush: {type: text, readable: false, writable: false}
          providers:
            keycloak: {discovery: "https://id.example/.well-known/openid-configuration", client: shop}
        """

    private static func document(_ text: String, _ look: @escaping @Sendable (JSON) throws -> Void) async throws {
        try await withApp(text) { client in try look(try await client.get("/openapi.json").json) }
    }

    private static func operation(_ document: JSON, _ method: String, _ path: String) -> JSON? {
        document["paths"]?[path]?[method]
    }

    /// The routes below /auth, as `AuthDesk` has them for programs.
    private static let routes: [(path: String, methods: [String])] = [
        ("/auth/sign-up", ["post"]), ("/auth/sign-in", ["post"]), ("/auth/sign-out", ["post"]),
        ("/auth/link", ["post"]),
        ("/auth/reset", ["post"]), ("/auth/verify", ["post"]), ("/auth/me", ["get", "patch", "delete"]),
        ("/auth/password", ["post"]), ("/auth/email", ["post"]), ("/auth/sessions", ["get", "delete"]),
        ("/auth/sessions/{id}", ["delete"]), ("/auth/totp", ["get", "post", "delete"]), ("/auth/totp/setup", ["post"]),
        ("/auth/totp/confirm", ["post"]), ("/auth/totp/recovery", ["post"]), ("/auth/passkeys", ["get", "post"]),
        ("/auth/passkeys/options", ["post"]), ("/auth/passkeys/sign-in", ["post"]),
        ("/auth/passkeys/sign-in/options", ["post"]), ("/auth/passkeys/{id}", ["delete"]),
        ("/auth/keys", ["get", "post"]),
        ("/auth/keys/{id}", ["delete"]), ("/auth/with", ["get"]), ("/auth/with/{provider}", ["get", "delete"]),
        ("/auth/with/{provider}/callback", ["get"]), ("/auth/with/{provider}/connect", ["post"]),
    ]

    @Test func everyRequestOfAnAccountIsThere() async throws {
        try await Self.document(Self.app + Self.withFields) { document in
            for (path, methods) in Self.routes {
                for method in methods {
                    let operation = try #require(Self.operation(document, method, path), "\(method) \(path)")
                    #expect(operation["tags"] == ["Accounts"], "\(method) \(path)")
                }
            }
            let described = document["paths"]?.names.filter { $0.hasPrefix("/auth/") } ?? []
            let pagesAlone = Set(described).subtracting(Self.routes.map(\.path))
            #expect(pagesAlone == ["/auth/me/delete", "/auth/totp/remove"])
            for path in described {
                if let post = Self.operation(document, "post", path), path.hasSuffix("}") || pagesAlone.contains(path) {
                    #expect(post["tags"] == ["Account pages"], "\(path): stands for DELETE")
                }
                guard let page = Self.operation(document, "get", path), page["tags"] == ["Account pages"] else {
                    continue
                }
                #expect(page["responses"]?["200"]?["content"]?.names == ["text/html"], "\(path)")
            }
        }
    }

    /// What the routes allow is what the document has.
    @Test func noMethodIsMissing() async throws {
        try await Self.document(Self.app + Self.withFields) { document in
            let paths = document["paths"]?.names.filter { $0.hasPrefix("/auth/") } ?? []
            #expect(paths.count == Self.routes.count + 2)
            for path in paths {
                let parts = path.split(separator: "/").dropFirst().map(String.init)
                let methods = Set(AuthDesk.methods(parts).map { "\($0)".lowercased() })
                #expect(methods.subtracting(["head"]) == Set(document["paths"]?[path]?.names ?? []), "\(path)")
            }
        }
    }

    @Test(arguments: [("open", false), ("invite", true)])
    func signingUpTakesTheFieldsOfTheApp(_ signUp: String, needsInvitation: Bool) async throws {
        let text = (Self.app + Self.withFields).replacing("sign_up: open", with: "sign_up: \(signUp)")
        try await Self.document(text) { document in
            let schema = try #require(document["components"]?["schemas"]?["AuthSignUp"])
            #expect(schema["properties"]?.names == ["email", "password", "name", "city", "invite", "next"])
            let required = schema["required"]?.elements.compactMap(\.string) ?? []
            #expect(required == ["email", "password", "city"] + (needsInvitation ? ["invite"] : []))
            #expect(schema["additionalProperties"] == false)
            let body = Self.operation(document, "post", "/auth/sign-up")?["requestBody"]
            #expect(body?["required"] == true)
        }
    }

    @Test func whereSignUpIsClosedItIsNotThere() async throws {
        try await Self.document(Self.app) { document in
            #expect(document["paths"]?["/auth/sign-up"] == nil)
            #expect(document["components"]?["schemas"]?["AuthSignUp"] == nil)
            #expect(Self.operation(document, "post", "/auth/sign-in") != nil)
            #expect(document["paths"]?["/auth/with/{provider}"] == nil, "there are no providers")
            #expect(Self.operation(document, "get", "/auth/with") != nil)
        }
    }

    /// An account is the record that `/api/users` shows, without what nobody may read.
    @Test func anAccountIsARecordOfUsers() async throws {
        try await Self.document(Self.app + Self.withFields) { document in
            let me = Self.operation(document, "get", "/auth/me")?["responses"]?["200"]?["content"]?["application/json"]
            #expect(me?["schema"]?["$ref"] == "#/components/schemas/User")
            let user = document["components"]?["schemas"]?["User"]?["properties"]
            let names = user?.names ?? []
            #expect(names.contains("email") && names.contains("city") && names.contains("team"))
            #expect(!names.contains("suspended") && !names.contains("hush") && !names.contains("password"))
            #expect(user?["email"]?["readOnly"] == true)
            #expect(Self.operation(document, "get", "/api/users/{id}")?["tags"] == ["Accounts"])
            #expect(Self.operation(document, "post", "/api/users") == nil)
        }
    }

    /// Where rules keep accounts from everybody, the answer to a sign-in still has its schema, and nobody changes anything.
    @Test func closedAccountsStillSignIn() async throws {
        let closed = "\naccounts: {sign_up: open, access: {read: false, update: false}}"
        try await Self.document(Self.app + closed) { document in
            #expect(document["components"]?["schemas"]?["User"] != nil)
            #expect(document["paths"]?["/api/users"] == nil)
            #expect(Self.operation(document, "get", "/auth/me") != nil)
            #expect(Self.operation(document, "patch", "/auth/me") == nil)
        }
    }

    @Test func whoMayAskIsSaid() async throws {
        try await Self.document(Self.app + Self.withFields) { document in
            let schemes = try #require(document["components"]?["securitySchemes"])
            #expect(schemes["bearer"]?["type"] == "http")
            #expect(schemes["bearer"]?["scheme"] == "bearer")
            #expect(schemes["cookie"]?["in"] == "cookie")
            #expect(schemes["cookie"]?["name"] == "__Host-offstage_session")
            let needed: JSON = .array([
                .object([.init("bearer", .array([]))]), .object([.init("cookie", .array([]))]),
            ])
            let keys = Self.operation(document, "get", "/auth/keys")
            #expect(keys?["security"] == needed)
            #expect(keys?["responses"]?["401"]?["$ref"] == "#/components/responses/UnauthenticatedProblem")
            #expect(keys?["responses"]?["403"] != nil, "a key can't manage keys")
            // Everybody may ask for records, and gets what is theirs.
            for (method, path) in [("get", "/api/orders"), ("post", "/api/orders"), ("post", "/api/batch")] {
                let operation = Self.operation(document, method, path)
                #expect(operation?["security"]?.elements.first == .object([]), "\(method) \(path)")
                #expect(operation?["security"]?.elements.count == 3, "\(method) \(path)")
                #expect(operation?["responses"]?["401"] != nil, "\(method) \(path): a token may be wrong")
            }
            #expect(Self.operation(document, "post", "/auth/sign-in")?["security"] == nil)
            #expect(Self.operation(document, "get", "/health")?["security"] == nil)
        }
    }

    @Test func signingInAnswersWithASessionOrAsksForACode() async throws {
        try await Self.document(Self.app) { document in
            let signIn = try #require(Self.operation(document, "post", "/auth/sign-in")?["responses"])
            let schema = signIn["200"]?["content"]?["application/json"]?["schema"]
            #expect(schema?["$ref"] == "#/components/schemas/AuthOutcome")
            let schemas = document["components"]?["schemas"]
            #expect(schemas?["AuthSession"]?["required"] == ["token", "expires", "user"])
            #expect(schemas?["AuthCodeNeeded"]?["required"] == ["needs", "ticket", "expires"])
            #expect(schemas?["AuthCodeNeeded"]?["properties"]?["needs"]?["const"] == "totp")
            #expect(signIn["429"]?["headers"]?.names == ["Retry-After"], "tries are counted, and not told beforehand")
            #expect(signIn["200"]?["headers"]?.names == ["Set-Cookie"])
        }
    }

    /// Closed collections are not named as what a key could be for, and a collection takes no name of a schema of accounts.
    @Test func namesStayApart() async throws {
        let text = """
            name: Names
            collections:
              auth_sessions: {access: {read: true}, fields: {word: text}}
              accounts: {access: {read: true}, fields: {word: text}}
            """
        try await Self.document(text) { document in
            let schemas = try #require(document["components"]?["schemas"])
            #expect(schemas["AuthSession"]?["required"] == ["token", "expires", "user"])
            #expect(schemas["AuthSessionRecord"]?["properties"]?["word"] != nil)
            #expect(Self.operation(document, "get", "/api/accounts")?["tags"] == ["Accounts"])
            let tags = document["tags"]?.elements.compactMap { $0["name"]?.string } ?? []
            #expect(tags.count == Set(tags).count, "\(tags)")
        }
        try await Self.document(Self.app + Self.withFields) { document in
            #expect(!"\(document)".contains("vaults"))
        }
    }

    @Test func thePageShowsAccountsInASectionOfTheirOwn() async throws {
        try await withApp(Self.app + Self.withFields) { client in
            let page = try await client.get("/docs").text
            #expect(page.contains(">Accounts</h2>"))
            #expect(page.contains(">Account pages</h2>"))
            #expect(page.contains("id=\"signIn\""))
            #expect(page.contains("data-method=\"POST\" data-path=\"/auth/sign-in\""), "it can be tried")
            // A browser that is sent to another site can't be followed by a script, and a page is for people.
            #expect(!page.contains("data-path=\"/auth/with/{provider}/callback\""))
            #expect(!page.contains("data-method=\"GET\" data-path=\"/auth/sign-in\""))
            #expect(page.contains("Authorization: Bearer &lt;token&gt;"), "the curl line says how to show who asks")
        }
    }

    /// An app that opened nothing is told so, though accounts are always there.
    @Test func anAppWithoutAnythingOpenIsToldSo() async throws {
        let nothing = "name: Nothing\ncollections: {vaults: {access: {}, fields: {treasure: text}}}"
        try await withApp(nothing) { client in
            let page = try await client.get("/docs").text
            #expect(page.contains("Nothing is open yet"))
        }
        try await withApp(Self.app) { client in
            let page = try await client.get("/docs").text
            #expect(!page.contains("Nothing is open yet"))
        }
    }
}
