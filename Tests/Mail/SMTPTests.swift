import OffstageMail
import OffstageSchema
import OffstageStorage
import Testing

/// Against a real mail server, whose words are read by Python's own parser.
@Suite(
    .enabled(
        if: MailServerUnderTest.python != nil,
        "OFFSTAGE_TEST_SMTP_PYTHON names no Python with aiosmtpd; script/mail-test does"
    )
)
struct SMTPTests {
    private static func message(
        to: String = "ada@shop.example",
        subject: String = "Your key",
        text: String = "Hello\n",
        html: String = "<p>Hello</p>\n"
    ) -> Message {
        Message(to: to, subject: subject, text: text, html: html)
    }

    @Test func aMailArrivesAsItWasWritten() async throws {
        let server = try MailServerUnderTest()
        let subject = "Grüße für Ada: ein ziemlich langer Betreff, der über mehrere Zeilen geht – 你好 👋🏽 und noch mehr"
        let text =
            "Grüß Gott =20 👋🏽\n.\n..two dots\nFrom here\nspace at the end \n" + String(repeating: "äöü ", count: 100)
            + "\n"
        let html = "<p style=\"a\">Grüß &amp; Gott</p>\n" + String(repeating: "x", count: 2000) + "\n"
        try await server.sender().send(Self.message(subject: subject, text: text, html: html), id: id(7))
        let mail = try #require(try server.received().first)
        #expect(mail.from == "shop+mail@shop.example")
        #expect(mail.to == ["ada@shop.example"])
        #expect(!mail.tls)
        #expect(mail.types == ["multipart/alternative", "text/plain", "text/html"])
        #expect(mail.texts == [text, html])
        #expect(mail.headers["Subject"] == subject)
        #expect(mail.headers["From"] == "Café Ada <shop+mail@shop.example>")
        #expect(mail.headers["To"] == "ada@shop.example")
        #expect(mail.headers["Message-ID"] == "<\(id(7))@shop.example>")
        #expect(mail.headers["Date"] == "Sun, 22 Nov 2026 16:50:00 +0000")
        #expect(mail.headers["MIME-Version"] == "1.0")
        #expect(Set(mail.names).count == mail.names.count)
        #expect(mail.defects == [])
        #expect(mail.bare == 0)
        #expect(mail.longest <= 78)
    }

    @Test func nothingGoesInTheClearUnlessItMay() async throws {
        let server = try MailServerUnderTest()
        let failure = await #expect(throws: MailFailure.self) {
            try await server.sender("smtp", "&tls=required").send(Self.message(), id: id(1))
        }
        #expect(failure?.kind == .temporary)
        #expect(try server.received().isEmpty)
    }

    @Test func startTLSAndAPassword() async throws {
        let server = try MailServerUnderTest("--auth", "shop:p@ss:wörd/", certificate: true)
        let user = "shop:p%40ss%3Aw%C3%B6rd%2F@"
        try await server.sender(user: user, "&tls=required" + server.ca).send(Self.message(), id: id(1))
        let mail = try #require(try server.received().first)
        #expect(mail.tls)
        #expect(mail.user == "shop")
        // The wrong password is the operator's to mend.
        let failure = await #expect(throws: MailFailure.self) {
            try await server.sender(user: "shop:wrong@", "&tls=required" + server.ca).send(Self.message(), id: id(1))
        }
        #expect(failure?.kind == .temporary)
        #expect(failure?.problem.contains("wrong") == false)
        #expect(try server.received().count == 1)
    }

    @Test func aCertificateThatNobodySignedIsRefused() async throws {
        let server = try MailServerUnderTest(certificate: true)
        let failure = await #expect(throws: MailFailure.self) {
            try await server.sender("smtp", "&tls=required").send(Self.message(), id: id(1))
        }
        #expect(failure?.kind == .temporary)
        #expect(try server.received().isEmpty)
    }

    @Test func tlsFromTheFirstByte() async throws {
        let server = try MailServerUnderTest("--smtps", certificate: true)
        try await server.sender("smtps", server.ca).send(Self.message(), id: id(1))
        #expect(try server.received().map(\.tls) == [true])
    }

    @Test(arguments: [("gone", "550 5.1.1"), ("unwanted", "554 5.7.1")])
    func aRefusalIsFinal(local: String, words: String) async throws {
        let server = try MailServerUnderTest()
        let outbox = try await OutboxUnderTest()
        try await outbox.add(to: "\(local)@shop.example")
        await outbox.service(.sending(try server.sender())).work()
        let row = try #require(try await outbox.rows().first)
        #expect(row.hasPrefix("failed 1 - The mail server 127.0.0.1 refused it: \(words)"))
        #expect(!outbox.log.text.contains("\(local)@"))
        #expect(try server.received().isEmpty)
    }

    @Test(arguments: ["busy", "full"])
    func whatIsRefusedForNowIsSentLater(local: String) async throws {
        let server = try MailServerUnderTest()
        let outbox = try await OutboxUnderTest()
        try await outbox.add(to: "\(local)@shop.example")
        let service = outbox.service(.sending(try server.sender()))
        await service.work()
        #expect(
            try await outbox.rows().first?.hasPrefix("waiting 1 secret text The mail server 127.0.0.1 refused it: 45")
                == true
        )
        await service.work()
        #expect(try server.received().isEmpty)
        outbox.clock.advance(minutes: 1)
        await service.work()
        #expect(try await outbox.rows() == ["sent 2 - -"])
        #expect(try server.received().map(\.to) == [["\(local)@shop.example"]])
    }

    @Test func withoutAServerItWaits() async throws {
        let outbox = try await OutboxUnderTest()
        try await outbox.add()
        let port: Int
        do { port = try MailServerUnderTest().port }
        let server = try MailServer("smtp://127.0.0.1:\(port)?from=shop@shop.example")
        await outbox.service(.sending(SMTPSender(server: server, now: outbox.clock.now))).work()
        let row = try #require(try await outbox.rows().first)
        #expect(row.hasPrefix("waiting 1 secret text The mail server 127.0.0.1 can't be used: "))
    }

    @Test func aServerThatHasItAllAndSaysNothingMayHaveSentIt() async throws {
        let server = try MailServerUnderTest()
        let failure = await #expect(throws: MailFailure.self) {
            let sender = try server.sender(timeout: .seconds(2))
            try await sender.send(Self.message(to: "silent@shop.example"), id: id(1))
        }
        #expect(failure?.kind == .unknown)
    }

    @Test func twoServicesSendEachMailOnce() async throws {
        let server = try MailServerUnderTest()
        let outbox = try await OutboxUnderTest()
        for number in 1...12 { try await outbox.add(number, to: "ada\(number)@shop.example") }
        let services = try (0..<2).map { _ in outbox.service(.sending(try server.sender())) }
        await withTaskGroup(of: Void.self) { group in
            for service in services { group.addTask { await service.work() } }
        }
        let recipients = try server.received().flatMap(\.to).sorted()
        #expect(recipients == (1...12).map { "ada\($0)@shop.example" }.sorted())
    }

    @Test func lettersBeyondASCIIAreForServersThatTakeThem() async throws {
        let server = try MailServerUnderTest()
        try await server.sender().send(Self.message(to: "jörg@müller.example"), id: id(1))
        let mail = try #require(try server.received().first)
        #expect(mail.to == ["jörg@xn--mller-kva.example"])
        #expect(mail.options.contains("SMTPUTF8"))

        let other = try MailServerUnderTest("--no-utf8")
        let failure = await #expect(throws: MailFailure.self) {
            try await other.sender().send(Self.message(to: "jörg@shop.example"), id: id(2))
        }
        #expect(failure?.kind == .permanent)
        #expect(try other.received().isEmpty)
        // A domain has a form that every server takes.
        try await other.sender().send(Self.message(to: "ada@müller.example"), id: id(3))
        #expect(try other.received().map(\.to) == [["ada@xn--mller-kva.example"]])
    }
}
