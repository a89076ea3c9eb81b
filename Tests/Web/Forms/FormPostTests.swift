import OffstageSchema
import Testing

@Suite struct FormPostTests {
    private static let good = "name=Ada&email=ada%40example.com&message=Hello%0D%0Athere"

    @Test func aBrowserIsLedToTheThanksPage() async throws {
        try await withApp(Apps.contact()) { client in
            let page = try await client.get("/forms/contact")
            let key = try #require(page.formKey)
            let response = try await client.postAsBrowser("/forms/contact", "_key=\(key)&\(Self.good)&_trap=")
            #expect(response.status == 303)
            #expect(response["Location"] == "/forms/contact/thanks")
            let thanks = try await client.get("/forms/contact/thanks")
            #expect(thanks.status == 200)
            #expect(thanks.text.contains("Thank you"))
            let entry = try #require(try await client.journal().first)
            #expect(entry.after?["name"] == "Ada")
            #expect(entry.after?["email"] == "ada@example.com")
            #expect(entry.after?["message"] == "Hello\nthere")
            #expect(try await client.journal().count == 1)
            #expect(try await client.get("/api/messages").status == 404)
        }
    }

    @Test(arguments: ["/thanks.html", "https://www.shop.example/thanks"])
    func theAppChoosesWhereThanksAre(place: String) async throws {
        let app = Apps.contact(thanks: place, more: "origins: [https://www.shop.example]")
        try await withApp(app) { client in
            let response = try await client.postAsBrowser("/forms/contact", Self.good)
            #expect(response.status == 303)
            #expect(response["Location"] == place)
            let policy = try await client.get("/forms/contact")["Content-Security-Policy"] ?? ""
            #expect(policy.contains("form-action 'self' https://www.shop.example") == place.hasPrefix("https"))
        }
    }

    @Test func whoWantsJSONGetsTheRecordOrAProblem() async throws {
        try await withApp(Apps.contact()) { client in
            let json: Headers = ["Accept": "application/json"]
            let made = try await client.postForm("/forms/contact", Self.good, json)
            #expect(made.status == 201)
            #expect(made.json.names == ["id", "name", "email", "message", "created"])
            let faulty = try await client.post("/forms/contact", ["name": "", "email": "x", "more": 1], json)
            #expect(faulty.outcome == "422 invalid")
            #expect(faulty.faults == ["/more unknown"])
            let wrong = try await client.post("/forms/contact", ["name": "", "email": "x"], json)
            #expect(wrong.faults.sorted() == ["/email email", "/name required"])
            let taken = try await client.postForm("/forms/contact", Self.good, json)
            #expect(taken.outcome == "409 conflict")
            #expect(taken.faults == ["/email unique"])
            #expect(try await client.post("/forms/contact", ["name": "B", "email": "b@x.org"], json).status == 201)
        }
    }

    @Test func faultsShowTheFormAgainWithValuesAndMessages() async throws {
        try await withApp(Apps.contact()) { client in
            let body = "name=&email=%3Cb%3E%22x&message=%0D%0AKeep+%26+me"
            let page = try await client.postAsBrowser("/forms/contact", body)
            #expect(page.status == 422)
            #expect(page["Content-Type"] == "text/html; charset=utf-8")
            for part in [
                "<title>Please correct: Write to us", "role=\"alert\"", "<a href=\"#name\">Name</a>: is required",
                "<a href=\"#email\">Email</a>: must be an e-mail address", "value=\"&lt;b&gt;&quot;x\"",
                "id=\"_fault_email\"", "aria-invalid=\"true\"", "aria-describedby=\"_help_name _fault_name\"",
                // The page's own line break comes before the value's.
                ">\n\nKeep &amp; me</textarea>",
            ] {
                #expect(page.text.contains(part), "\(part)")
            }
            #expect(page.formKey != nil)
            #expect(try await client.journal().isEmpty)
            // Mended and sent again, it is stored.
            let key = page.formKey ?? ""
            let mended = try await client.postAsBrowser("/forms/contact", "_key=\(key)&\(Self.good)")
            #expect(mended.status == 303)
        }
    }

    @Test func aTakenValueShowsTheFormAgain() async throws {
        try await withApp(Apps.contact()) { client in
            _ = try await client.postAsBrowser("/forms/contact", Self.good)
            let page = try await client.postAsBrowser("/forms/contact", Self.good.replacing("Ada", with: "Bob"))
            #expect(page.status == 409 || page.status == 422)
            #expect(page.text.contains("<a href=\"#email\">Email</a>: is taken already"))
            #expect(page.text.contains("value=\"Bob\""))
        }
    }

    @Test func storedTextIsInertOnThePage() async throws {
        try await withApp(Apps.contact()) { client in
            let script = "%3C%2Ftextarea%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E%27%22"
            let page = try await client.postAsBrowser(
                "/forms/contact",
                "name=\(script)&message=\(script)&email=\(script)"
            )
            #expect(page.status == 422)
            #expect(!page.text.contains("<script"))
            #expect(page.text.contains("&lt;/textarea&gt;&lt;script&gt;"))
            let unknown = try await client.postAsBrowser("/forms/contact", "\(script)=1")
            #expect(!unknown.text.contains("<script"))
        }
    }

    @Test func fieldsBesideTheFormsOwnAreRefused() async throws {
        let app = """
            name: Fields
            collections:
              things: {access: {}, fields: {word: {type: text}, inner: {type: text}}}
            forms:
              short: {into: things, fields: [word]}
            """
        try await withApp(app) { client in
            for name in ["inner", "id", "version", "other"] {
                let json = try await client.postForm("/forms/short", "word=x&\(name)=y", ["Accept": "application/json"])
                #expect(json.faults == ["/\(name) unknown"])
                let page = try await client.postAsBrowser("/forms/short", "word=x&\(name)=y")
                #expect(page.status == 422)
                #expect(page.text.contains("is not a field of this form"))
            }
            #expect(try await client.journal().isEmpty)
        }
    }

    @Test func boxesChoicesAndListsAreReadAsThePageMeansThem() async throws {
        let app = """
            name: Boxes
            collections:
              things:
                access: {}
                fields:
                  agreed: {type: boolean, default: true}
                  colours: {type: choice, of: [red, blue, green], many: true}
                  lines: {type: text, many: true}
                  numbers: {type: integer, many: true}
                  at: {type: datetime}
            forms:
              boxes: {into: things, fields: [agreed, colours, lines, numbers, at]}
            """
        let cases: [(body: String, stored: [String: JSON])] = [
            ("agreed=true&colours=red&colours=green", ["agreed": true, "colours": ["red", "green"], "lines": []]),
            ("agreed=on&colours=", ["agreed": true, "colours": []]),
            ("colours=blue", ["agreed": false, "colours": ["blue"]]),
            (
                "lines=a%0D%0A%0D%0Ab+c%0D%0A&numbers=1%0D%0A-2",
                ["lines": ["a", "b c"], "numbers": [1, -2], "agreed": false]
            ),
            ("at=2026-01-02T03%3A04", ["at": "2026-01-02T03:04:00.000Z"]),
            ("at=2026-01-02T03%3A04%3A05", ["at": "2026-01-02T03:04:05.000Z"]),
            ("", ["agreed": false, "at": .null]),
        ]
        try await withApp(app) { client in
            for (body, stored) in cases {
                let response = try await client.postAsBrowser("/forms/boxes", body)
                #expect(response.status == 303, "\(body)")
                let after = try #require(try await client.journal().last?.after)
                for (name, value) in stored { #expect(after[name] == value, "\(body): \(name)") }
            }
            let wrong = try await client.postAsBrowser("/forms/boxes", "colours=red&colours=pink&lines=a%0Ab&agreed=on")
            #expect(wrong.status == 422)
            #expect(wrong.text.contains("value=\"red\" checked"))
            #expect(wrong.text.contains("name=\"agreed\" type=\"checkbox\" value=\"true\" checked"))
            #expect(wrong.text.contains(">\na\nb</textarea>"))
        }
    }

    @Test func multipartPostsAreTakenAndFilesRefused() async throws {
        try await withApp(Apps.contact()) { client in
            let html: Headers = ["Content-Type": "multipart/form-data; boundary=XX", "Accept": "text/html"]
            let parts = [("name", "Ada"), ("email", "ada@example.com"), ("message", "a\r\nb")]
            let done = try await client.send("POST", "/forms/contact", html, body: BodyTests.multipart(parts))
            #expect(done.status == 303)
            #expect(try await client.journal().first?.after?["message"] == "a\nb")
            let file = """
                --XX\r\nContent-Disposition: form-data; name="message"; filename="a.txt"\r\n\r\nhello\r\n--XX--\r\n
                """
            let refused = try await client.send("POST", "/forms/contact", html, body: Array(file.utf8))
            #expect(refused.status == 422)
            #expect(refused["Content-Type"] == "text/html; charset=utf-8")
            #expect(refused.text.contains("file"))
        }
    }

    @Test(arguments: [
        ("text/plain", "name=x", 415), ("application/json", "{", 400),
        ("application/x-www-form-urlencoded", "%ff=1", 400),
    ])
    func whatCantBeReadIsAPageForABrowser(type: String, body: String, status: Int) async throws {
        try await withApp(Apps.contact()) { client in
            let headers: Headers = ["Content-Type": type, "Accept": "text/html"]
            let page = try await client.send("POST", "/forms/contact", headers, body: Array(body.utf8))
            #expect(page.status == status)
            #expect(page["Content-Type"] == "text/html; charset=utf-8")
            #expect(page.text.contains("href=\"/forms/contact\""))
            let problem = try await client.send(
                "POST",
                "/forms/contact",
                ["Content-Type": type, "Accept": "application/json"],
                body: Array(body.utf8)
            )
            #expect(problem.status == status)
            #expect(problem.code != nil)
        }
    }

    @Test func aPostOverTheSizeIsAPageForABrowser() async throws {
        try await withApp(Apps.contact()) { client in
            let page = try await client.postAsBrowser(
                "/forms/contact",
                "message=" + String(repeating: "a", count: 1_100_000)
            )
            #expect(page.status == 413)
            #expect(page["Content-Type"] == "text/html; charset=utf-8")
        }
    }
}
