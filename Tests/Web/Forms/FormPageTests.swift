import Foundation
import OffstageSchema
import Testing

/// The page of a form: complete by itself, with HTML's own attributes.
@Suite struct FormPageTests {
    @Test func thePageIsMadeFromTheCollection() async throws {
        try await withApp(Apps.contact()) { client in
            let page = try await client.get("/forms/contact")
            #expect(page.status == 200)
            #expect(page["Content-Type"] == "text/html; charset=utf-8")
            for part in [
                "<html lang=\"en\">", "<title>Write to us | Contact</title>", "<h1>Write to us</h1>", "method=\"post\"",
                "action=\"/forms/contact\"", "Send it</button>", "<label for=\"name\">Name",
                "id=\"name\" name=\"name\" type=\"text\" value=\"\" maxlength=\"100\"", " required",
                "autocomplete=\"name\"",
                "As on your passport.", "aria-describedby=\"_help_name\"", "name=\"email\" type=\"email\"",
                "maxlength=\"254\"", "autocomplete=\"email\"",
                "<textarea class=\"control\" id=\"message\" name=\"message\" rows=\"6\" maxlength=\"5000\"",
                "name=\"_trap\"", "name=\"_key\"",
            ] {
                #expect(page.text.contains(part), "\(part)")
            }
            #expect(!page.text.contains("has_errors") && !page.text.contains("{{"))
        }
    }

    @Test func thePageNeedsNothingFromOutsideAndRunsNoScript() async throws {
        try await withApp(Apps.contact()) { client in
            let page = try await client.get("/forms/contact")
            #expect(!page.text.contains("<script"))
            #expect(!page.text.contains("http://") && !page.text.contains("https://"))
            #expect(!page.text.contains(" style="))
            let policy = try #require(page["Content-Security-Policy"])
            #expect(policy.contains("default-src 'none'"))
            #expect(policy.contains("frame-ancestors 'none'"))
            #expect(!policy.contains("unsafe"))
            #expect(page["X-Content-Type-Options"] == "nosniff")
            let style = try await client.get("/forms/_page.css")
            #expect(style.status == 200)
            #expect(style["Content-Type"] == "text/css; charset=utf-8")
            #expect(!style.body.isEmpty && !style.text.contains("url(") && !style.text.contains("@import"))
        }
    }

    @Test func listedOriginsMayFrameThePage() async throws {
        try await withApp(Apps.contact(more: "origins: [https://www.shop.example]")) { client in
            let policy = try await client.get("/forms/contact")["Content-Security-Policy"] ?? ""
            #expect(policy.hasSuffix("frame-ancestors 'self' https://www.shop.example"))
        }
    }

    @Test func everyVisitGetsAKeyOfItsOwn() async throws {
        try await withApp(Apps.contact()) { client in
            let keys = [
                try await client.get("/forms/contact").formKey, try await client.get("/forms/contact").formKey,
            ]
            #expect(keys[0] != nil && keys[0] != keys[1])
            #expect(try await client.get("/forms/contact")["Cache-Control"]?.contains("no-cache") == true)
        }
    }

    @Test func eachKindOfFieldHasItsControl() async throws {
        let fields = [
            ("text", "type=\"text\""), ("text, lines: 4", "<textarea"),
            ("text, pattern: \"[a-z]+\"", "pattern=\"[a-z]+\""),
            ("text, min: 3", "minlength=\"3\""), ("url", "type=\"url\""),
            ("integer, min: 1, max: 9", "type=\"number\""),
            ("integer, min: 1, max: 9", "step=\"1\" min=\"1\" max=\"9\""), ("number", "step=\"any\""),
            ("decimal, digits: 8, scale: 2, min: 0.5", "step=\"0.01\" min=\"0.50\""),
            ("boolean", "type=\"checkbox\" value=\"true\""), ("date, min: 2026-01-02", "type=\"date\""),
            ("date, min: 2026-01-02", "min=\"2026-01-02\""), ("datetime", "type=\"datetime-local\""),
            ("choice, of: [red, dark_blue]", "<option value=\"dark_blue\">Dark blue</option>"),
            ("choice, of: [red], default: red", "<option value=\"red\" selected>"),
            ("choice, of: [red], many: true", "<fieldset"), ("text, many: true", "One on each line."),
            ("json", "<textarea"), ("text, label: \"Say \\\"<b>\\\"\"", "Say &quot;&lt;b&gt;&quot;"),
            ("integer, default: 7", "value=\"7\""), ("boolean, default: true", "value=\"true\" checked"),
            ("datetime, default: \"2026-01-02T03:04:05Z\"", "value=\"2026-01-02T03:04:05\""),
        ]
        for (type, expected) in fields {
            let app = """
                name: Kinds
                collections:
                  things: {access: {}, fields: {value: {type: \(type)}}}
                forms:
                  kind: {into: things, fields: [value]}
                """
            try await withApp(app) { client in
                let page = try await client.get("/forms/kind").text
                #expect(page.contains(expected), "\(type): \(page)")
            }
        }
    }

    @Test func aRelationIsASelectOfWhatTheVisitorMaySee() async throws {
        for isOpen in [true, false] {
            let app = """
                name: Relation
                collections:
                  topics:
                    display: name
                    access: {create: true\(isOpen ? ", read: true" : "")}
                    fields: {name: {type: text}}
                  questions:
                    access: {}
                    fields: {topic: {type: relation, to: topics}, word: {type: text}}
                forms:
                  ask: {into: questions, fields: [topic, word]}
                """
            try await withApp(app) { client in
                let topic = try await client.post("/api/topics", ["name": "Tea & <cake>"]).id
                let page = try await client.get("/forms/ask").text
                let option = "<option value=\"\(topic)\">Tea &amp; &lt;cake&gt;</option>"
                #expect(page.contains(option) == isOpen)
                if !isOpen { #expect(!page.contains(topic)) }
                let done = try await client.postAsBrowser("/forms/ask", "topic=\(topic)&word=x")
                #expect(done.status == 303)
                let wrong = try await client.postAsBrowser("/forms/ask", "topic=\(Apps.absentID)&word=x")
                #expect(wrong.status == 422)
                #expect(try await client.journal().last?.after?["topic"] == .string(topic))
            }
        }
    }

    @Test func ownTemplatesReplaceTheBuiltInOnes() async throws {
        try await withApp(Apps.contact(), templates: ["thanks": "<p>Own {{title}} {{site_name}}</p>"]) { client in
            let thanks = try await client.get("/forms/contact/thanks")
            #expect(thanks.text == "<p>Own Thank you Contact</p>")
        }
    }

    @Test func unknownFormsAndMethodsAreRefused() async throws {
        try await withApp(Apps.contact()) { client in
            let missing = try await client.get("/forms/nothing")
            #expect(missing.outcome == "404 not_found")
            for path in ["/forms", "/forms/", "/forms/contact/", "/forms/contact/x", "/forms/contact/thanks/x"] {
                #expect(try await client.get(path).status == 404, "\(path)")
            }
            for method in ["PUT", "PATCH", "DELETE"] {
                let refused = try await client.send(method, "/forms/contact")
                #expect(refused.outcome == "405 method_not_allowed")
                #expect(refused["Allow"] == "GET, HEAD, POST")
            }
            #expect(try await client.send("POST", "/forms/contact/thanks")["Allow"] == "GET, HEAD")
            #expect(try await client.get("/forms/contact?x=1").outcome == "400 malformed")
            let head = try await client.head("/forms/contact")
            #expect(head.status == 200 && head.body.isEmpty)
        }
    }
}

extension Response {
    /// The one-time key of a form's page.
    var formKey: String? {
        guard let start = text.range(of: "name=\"_key\" value=\"") else { return nil }
        return String(text[start.upperBound...].prefix { $0 != "\"" })
    }
}
