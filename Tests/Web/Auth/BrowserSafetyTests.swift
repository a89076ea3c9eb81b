import OffstageSchema
import Testing

/// What a page of somebody else's must not do, and what pages of ours carry.
@Suite struct BrowserSafetyTests {
    private static let html: Headers = ["Accept": "text/html"]

    @Test func aCookieChangesNothingFromAnotherSite() async throws {
        try await withApp(Apps.accounts(more: "origins: [https://www.shop.example]"), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let foreign: [Headers] = [
                ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Origin": "https://evil.example"],
                ["Origin": "null"], ["Origin": "https://www.shop.example"],
                ["Origin": "http://127.0.0.1.evil.example"],
                ["Origin": "https://www.shop.example", "Sec-Fetch-Site": "same-site"],
            ]
            for headers in foreign {
                let all = Headers(headers, ada.cookie)
                #expect(try await client.post("/api/orders", ["note": "x"], all).outcome == "403 forbidden")
                #expect(try await client.delete("/api/orders/\(Apps.absentID)", all).status == 403)
                #expect(try await client.patch("/auth/me", ["name": "x"], all).status == 403)
                #expect(try await client.delete("/auth/sessions", all).status == 403)
                #expect(try await client.post("/auth/sign-out", [:], all).status == 403)
                // Reading tells the other site nothing, since it gets no answer.
                let read = try await client.get("/api/orders", all)
                #expect(read["Access-Control-Allow-Credentials"] == nil)
            }
            #expect(try await client.get("/api/orders", ada.bearer).items.isEmpty)
            for headers in [
                ["Sec-Fetch-Site": "same-origin"], ["Sec-Fetch-Site": "none"], ["Origin": client.origin], [:],
            ] as [Headers] {
                let own = Headers(headers, ada.cookie)
                #expect(try await client.post("/api/orders", ["note": "x"], own).status == 201)
            }
            // Who carries a token by themselves may come from anywhere.
            let bearer = Headers(["Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"], ada.bearer)
            #expect(try await client.post("/api/orders", ["note": "x"], bearer).status == 201)
        }
    }

    @Test func aFormOnAListedPageIsAVisitors() async throws {
        try await withApp(Apps.accounts(more: "origins: [https://www.shop.example]"), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let listed = Headers(["Origin": "https://www.shop.example", "Sec-Fetch-Site": "same-site"], ada.cookie)
            #expect(try await client.postForm("/forms/note", "word=x", listed).status < 400)
            #expect(try await client.journal().last?.actor == "visitor")
            let other = Headers(["Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"], ada.cookie)
            #expect(try await client.postForm("/forms/note", "word=x", other).status == 403)
            let own = Headers(["Sec-Fetch-Site": "same-origin", "Origin": client.origin], ada.cookie)
            #expect(try await client.postForm("/forms/note", "word=x", own).status < 400)
            #expect(try await client.journal().last?.actor == "account:\(ada.id)")
        }
    }

    @Test func anotherSiteSignsNobodyIn() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            try await client.signUp("ada@example.com")
            let foreign: Headers = ["Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"]
            #expect(try await client.signIn("ada@example.com", foreign).status == 403)
            let form = foreign.adding("Accept", "text/html")
            let body = "email=ada%40example.com&password=correct+horse+battery"
            let page = try await client.postForm("/auth/sign-in", body, form)
            #expect(page.status == 403)
            #expect(page["Set-Cookie"] == nil)
        }
    }

    @Test func theCookieIsOneThatOnlyThisHostGets() async throws {
        let app = Apps.accounts(more: "url: https://shop.example")
        try await withApp(app, hasAccounts: true) { client in
            let body: JSON = ["email": "ada@example.com", "password": .string(Client.password)]
            let secure = try await client.post("/auth/sign-up", body, ["Origin": "https://shop.example"])
            let cookie = secure["Set-Cookie"] ?? ""
            #expect(cookie.hasPrefix("__Host-offstage_session="))
            #expect(cookie.hasSuffix("; Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax; Secure"))
            #expect(!cookie.contains("Domain"))
            let token = Somebody(secure).token
            let sent: Headers = ["Cookie": "a=b; __Host-offstage_session=\(token)"]
            #expect(try await client.get("/auth/me", sent).status == 200)
            // Elsewhere than on this machine, a plain cookie is not believed: anybody on the way could have set it.
            let connection = try await client.connect()
            try await connection.send(
                "GET /auth/me HTTP/1.1\r\nHost: shop.example\r\nCookie: offstage_session=\(token)\r\n\r\n"
            )
            #expect(try await connection.response().status == 401)
            let local = try await client.signIn("ada@example.com", ["Origin": "http://localhost:8080"])
            // Another origin than the one it was sent to is another site.
            #expect(local.status == 403)
        }
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let body: JSON = ["email": "ada@example.com", "password": .string(Client.password)]
            let plain = try await client.post("/auth/sign-up", body, ["Origin": client.origin])
            #expect(plain["Set-Cookie"]?.hasPrefix("offstage_session=") == true)
            #expect(plain["Set-Cookie"]?.contains("Secure") == false)
        }
    }

    @Test func everyPageSaysWhatItMayDo() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let pages = [
                "/auth/sign-up", "/auth/sign-in", "/auth/sign-out", "/auth/reset", "/auth/link", "/auth/verify",
                "/auth/me",
                "/auth/sessions", "/auth/totp", "/auth/totp/setup", "/auth/passkeys", "/auth/keys", "/auth/password",
                "/auth/email", "/auth/me/delete", "/forms/note", "/problems", "/docs", "/",
            ]
            for path in pages {
                let page = try await client.get(path, Headers(Self.html, ada.cookie))
                #expect(page.status == 200, "\(path)")
                let policy = page["Content-Security-Policy"] ?? ""
                #expect(policy.contains("default-src 'none'"), "\(path)")
                #expect(!policy.contains("unsafe"), "\(path)")
                #expect(policy.contains("frame-ancestors"), "\(path)")
                #expect(policy.contains("base-uri 'none'"), "\(path)")
                #expect(policy.contains("form-action 'self'"), "\(path)")
                #expect(page["X-Content-Type-Options"] == "nosniff", "\(path)")
                #expect(page["Referrer-Policy"] != nil, "\(path)")
                #expect(!page.text.contains("style=\""), "\(path)")
                #expect(!page.text.contains("onclick"), "\(path)")
                if path.hasPrefix("/auth") {
                    #expect(policy.contains("frame-ancestors 'none'"), "\(path)")
                    #expect(page["Cache-Control"] == "no-store", "\(path)")
                }
            }
        }
    }

    @Test func storedScriptIsText() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let ada = try await client.signUp("ada@example.com")
            let script = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
            _ = try await client.patch("/auth/me", ["name": .string(script)], ada.bearer)
            let signed = Somebody(try await client.signIn("ada@example.com", ["User-Agent": script]))
            let key: JSON = ["name": .string(script), "scope": ["*": ["read"]], "password": .string(Client.password)]
            #expect(try await client.post("/auth/keys", key, ada.bearer).status == 201)
            for path in ["/auth/me", "/auth/sessions", "/auth/keys"] {
                let page = try await client.get(path, Headers(Self.html, signed.cookie))
                #expect(page.status == 200)
                #expect(!page.text.contains("<script>alert"), "\(path)")
                #expect(!page.text.contains("<img src=x"), "\(path)")
            }
            _ = try await client.post("/auth/reset", ["email": "ada@example.com"])
            let html = try await client.app.engine.lastMailHTML()
            #expect(!html.contains("<script>alert"))
            #expect(!html.contains("<img src=x"))
        }
    }

    @Test(arguments: [
        "//evil.example", "/\\evil.example", "https://evil.example", "\\\\evil.example", "javascript:alert(1)",
        "/\tevil", "https://user@evil.example/", "/%0d%0aSet-Cookie:x", "///evil.example",
    ])
    func aWayOutLeadsNowhereElse(next: String) async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            try await client.signUp("ada@example.com")
            let body = "email=ada%40example.com&password=correct+horse+battery&next=" + Self.encoded(next)
            let response = try await client.postAsBrowser("/auth/sign-in", body)
            #expect(response.status == 303)
            let location = try #require(response["Location"])
            let isOwn = location == "/auth/me" || location == "/%0d%0aSet-Cookie:x"
            #expect(isOwn, "\(location)")
        }
    }

    @Test func aWayOnWithinTheSiteIsTaken() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            try await client.signUp("ada@example.com")
            let page = try await client.get("/auth/me", Self.html)
            #expect(page.status == 303)
            #expect(page["Location"] == "/auth/sign-in?next=%2Fauth%2Fme")
            let form = try await client.get("/auth/sign-in?next=%2Forders.html", Self.html)
            #expect(form.text.contains("name=\"next\" value=\"/orders.html\""))
            let body = "email=ada%40example.com&password=correct+horse+battery&next=%2Forders.html"
            let response = try await client.postAsBrowser("/auth/sign-in", body)
            #expect(response["Location"] == "/orders.html")
        }
    }

    @Test func jsonIsSentAsJSON() async throws {
        try await withApp(Apps.accounts(), hasAccounts: true) { client in
            let body = Array(#"{"email":"ada@example.com","password":"correct horse battery"}"#.utf8)
            for headers in [["Content-Type": "text/plain"], [:]] as [Headers] {
                for path in ["/auth/sign-up", "/auth/sign-in"] {
                    let response = try await client.send("POST", path, headers, body: body)
                    #expect(response.status == 415)
                }
            }
        }
    }

    @Test func listedPagesMaySignInForAToken() async throws {
        let app = Apps.accounts(more: "origins: [https://www.shop.example]")
        try await withApp(app, hasAccounts: true) { client in
            try await client.signUp("ada@example.com")
            let listed: Headers = ["Origin": "https://www.shop.example", "Sec-Fetch-Site": "same-site"]
            let response = try await client.signIn("ada@example.com", listed)
            #expect(response.status == 200)
            #expect(response["Access-Control-Allow-Origin"] == "https://www.shop.example")
            #expect(response["Set-Cookie"] == nil)
            for origin in [
                "null", "https://www.shop.example.evil.example", "http://www.shop.example", "https://shop.example",
            ] {
                let other = try await client.signIn(
                    "ada@example.com",
                    ["Origin": origin, "Sec-Fetch-Site": "cross-site"]
                )
                #expect(other["Access-Control-Allow-Origin"] == nil)
                #expect(other.status == 403)
            }
        }
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { "%" + (String($0, radix: 16).count == 1 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
