import OffstageMail
import OffstageTemplates
import Testing

@Suite struct MailTemplatesTests {
    private static let data: [String: TemplateValue] = [
        "name": "Ada", "link": "https://shop.example/auth/x?a=1&b=2", "validity": "30 minutes",
        "address": "ada@shop.example", "when": "2026-11-22 16:50 UTC",
    ]

    @Test(arguments: MailTemplate.allCases, ["en", "de"])
    func everyMailSaysWhatItIsFor(mail: MailTemplate, language: String) throws {
        let templates = try MailTemplates(siteName: "Ada & Co")
        let message = try templates.render(mail, language: language, to: "ada@shop.example", data: Self.data)
        #expect(message.to == "ada@shop.example")
        #expect(message.subject.contains("Ada & Co"))
        for part in [message.text, message.html, message.subject] {
            #expect(!part.contains("{{") && !part.contains("}}"))
            #expect(!part.contains("Subject:"))
        }
        #expect(message.text.hasPrefix(language == "de" ? "Guten Tag Ada,\n\n" : "Hello Ada,\n\n"))
        #expect(message.text.contains("\nhttps://shop.example/auth/x?a=1&b=2\n"))
        #expect(message.text.contains("Ada & Co"))
        #expect(message.html.contains("href=\"https://shop.example/auth/x?a=1&amp;b=2\""))
        #expect(message.html.contains("Ada &amp; Co"))
        #expect(message.html.contains("<html lang=\"\(language)\">"))
        if mail != .known {
            for part in [message.text, message.html] { #expect(part.contains("30 minutes")) }
        }
        // Nothing is fetched when a mail is read.
        for remote in ["src=", "url(", "<link", "@import", "<script"] { #expect(!message.html.contains(remote)) }
        // One blank line at most, no line of spaces.
        #expect(!message.text.contains("\n\n\n"))
    }

    @Test(arguments: [MailTemplate.emailChanged, .passwordChanged, .known], ["en", "de"])
    func noticesNeedNoLink(mail: MailTemplate, language: String) throws {
        let templates = try MailTemplates(siteName: "Shop")
        let message = try templates.render(mail, language: language, to: "ada@shop.example", data: ["address": "a@b.c"])
        #expect(message.text.hasPrefix(language == "de" ? "Guten Tag,\n" : "Hello,\n"))
        #expect(!message.html.contains("href"))
        #expect(!message.text.contains("\n\n\n"))
    }

    @Test func theTextIsNotEscapedAndTheHTMLIs() throws {
        let templates = try MailTemplates(siteName: "<Shop>")
        let message = try templates.render(.verify, language: "en", to: "a@b.c", data: ["name": "O'Hara <b>"])
        #expect(message.text.hasPrefix("Hello O'Hara <b>,"))
        #expect(message.html.contains("Hello O&#39;Hara &lt;b&gt;,"))
        #expect(message.subject == "Confirm your address for <Shop>")
        #expect(message.html.contains("<title>Confirm your address for &lt;Shop&gt;</title>"))
    }

    @Test func lineEndsInValuesReachNoHeader() throws {
        let templates = try MailTemplates(
            siteName: "Shop\r\nBcc: eve@evil.example",
            overrides: ["reset.en.txt.mustache": "Subject: For {{name}}\n\nHi {{name}}\n"]
        )
        let verify = try templates.render(.verify, language: "en", to: "a@b.c", data: [:])
        #expect(
            verify.subject == "Confirm your address for Shop Bcc: eve@evil.example" || !verify.subject.contains("\n")
        )
        let reset = try templates.render(.reset, language: "en", to: "a@b.c", data: ["name": "A\r\n\nBcc: x"])
        #expect(!reset.subject.unicodeScalars.contains { $0.value < 0x20 })
        #expect(reset.text == "Hi \(reset.subject.dropFirst("For ".count))\n")
    }

    @Test(arguments: ["Visit evil.example", "http://evil", "a@evil.example", String(repeating: "x", count: 61)])
    func aNameThatWouldBecomeALinkIsLeftOut(name: String) throws {
        let templates = try MailTemplates(siteName: "Shop")
        let message = try templates.render(.verify, language: "en", to: "a@b.c", data: ["name": .text(name)])
        #expect(message.text.hasPrefix("Hello,\n"))
    }

    @Test(arguments: ["Ada", "Dr. Ada Lovelace", "J.R. Tolkien", "Ада", "O'Hara-Smith jr."])
    func otherNamesAreGreeted(name: String) throws {
        let templates = try MailTemplates(siteName: "Shop")
        let message = try templates.render(.verify, language: "en", to: "a@b.c", data: ["name": .text(name)])
        #expect(message.text.hasPrefix("Hello \(name),\n"))
    }

    // MARK: An app's own

    @Test func anAppsTemplatesComeFirst() throws {
        let templates = try MailTemplates(
            siteName: "Shop",
            overrides: [
                "reset.en.txt.mustache": "Subject: Key for {{site_name}}\n\nOpen {{link}}\n{{> foot}}\n",
                "_foot.en.txt.mustache": "Yours, {{> who}}", "_who.txt.mustache": "the shop",
                "reset.fr.txt.mustache": "Subject: Clé\n\n{{link}}\n", "reset.fr.html.mustache": "<p>{{link}}</p>",
            ]
        )
        #expect(templates.languages == ["de", "en", "fr"])
        let own = try templates.render(.reset, language: "en", to: "a@b.c", data: ["link": "L"])
        #expect(own.subject == "Key for Shop")
        #expect(own.text == "Open L\nYours, the shop\n" || own.text == "Open L\nYours, the shop")
        #expect(own.html.contains("Choose a new password"))
        #expect(try templates.render(.reset, language: "fr", to: "a@b.c", data: ["link": "L"]).html == "<p>L</p>")
        #expect(try templates.render(.verify, language: "fr", to: "a@b.c", data: [:]).text.hasPrefix("Hello"))
        #expect(MailTemplates.names.contains("email-changed.de.html.mustache"))
        #expect(MailTemplates.names.count == 37)
    }

    @Test(
        arguments: [
            ("reste.en.txt.mustache", "Subject: x\n", "is no template of a mail"),
            ("reset.txt.mustache", "Subject: x\n", "is no template of a mail"),
            ("reset.en.txt", "Subject: x\n", "is no template of a mail"),
            ("reset.EN.txt.mustache", "Subject: x\n", "is no template of a mail"),
            ("reset.en.pdf.mustache", "Subject: x\n", "is no template of a mail"),
            ("reset.en.txt.mustache", "Hello\n", "must begin with a line such as"),
            ("reset.en.html.mustache", "<p>\n{{#name}}\n", "the section {{#name}} is not closed"),
        ]
    )
    func filesThatAreNoneAreNamed(file: String, text: String, words: String) {
        let refusal = #expect(throws: MailTemplates.Refusal.self) {
            try MailTemplates(siteName: "Shop", overrides: [file: text])
        }
        #expect(refusal?.description.hasPrefix("\(file): ") == true)
        #expect(refusal?.description.contains(words) == true)
    }

    @Test func anEmptySubjectIsRefused() throws {
        let templates = try MailTemplates(
            siteName: "Shop",
            overrides: ["link.en.txt.mustache": "Subject: {{nothing}}\n\nHi"]
        )
        #expect(throws: MailTemplates.Refusal.self) {
            try templates.render(.link, language: "en", to: "a@b.c", data: [:])
        }
    }

    // MARK: Languages

    @Test(
        arguments: [
            (nil, "en"), ("", "en"), ("de", "de"), ("de-AT;q=0.9", "de"), ("de-AT, de;q=0.9, en;q=0.5", "de"),
            ("en;q=0.5, de;q=0.9", "de"), ("fr, es", "en"), ("fr, de;q=0.1", "de"), ("de;q=0, en", "en"),
            ("de;q=0", "en"),
            ("*", "en"), ("DE-de", "de"), ("de-x-own", "de"), ("deu", "en"), ("de;q=nan", "en"), ("de;q=2", "en"),
            (";;,,=", "en"), ("en, de", "en"), ("de , en", "de"),
        ] as [(String?, String)]
    )
    func theBestLanguageIsTaken(header: String?, language: String) {
        #expect(MailLanguage.best(header) == language)
    }

    @Test func lookupTakesLongerTagsFirst() {
        #expect(MailLanguage.best("pt-BR-x-a", among: ["en", "pt", "pt-br"]) == "pt-br")
        #expect(MailLanguage.best("zh-Hant-CN", among: ["en", "zh-hant"]) == "zh-hant")
    }

    @Test(
        arguments: [
            (30, "30 minutes", "30 Minuten"), (60, "1 hour", "eine Stunde"), (1440, "24 hours", "24 Stunden"),
            (10_080, "7 days", "7 Tage"), (1, "1 minute", "eine Minute"), (90, "90 minutes", "90 Minuten"),
        ]
    )
    func validityIsText(minutes: Int, english: String, german: String) {
        #expect(MailLanguage.validity(minutes: minutes, language: "en") == english)
        #expect(MailLanguage.validity(minutes: minutes, language: "de") == german)
    }
}
