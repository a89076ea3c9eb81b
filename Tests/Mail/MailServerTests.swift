import OffstageMail
import Testing

@Suite struct MailServerTests {
    private static let from = "from=shop@shop.example"

    @Test func portsAndEncryptionHaveUsualValues() throws {
        let remote = try MailServer("smtp://mail.shop.example?\(Self.from)")
        #expect((remote.host, remote.port, remote.encryption) == ("mail.shop.example", 587, .required))
        #expect(!remote.isEncryptedAtOnce)
        let wrapped = try MailServer("smtps://mail.shop.example/?\(Self.from)")
        #expect((wrapped.port, wrapped.isEncryptedAtOnce, wrapped.encryption) == (465, true, .required))
        for host in ["localhost", "127.0.0.1", "127.8.0.1", "[::1]"] {
            #expect(try MailServer("smtp://\(host)?\(Self.from)").encryption == .optional)
        }
        for host in ["128.0.0.1", "[::2]", "localhost.example"] {
            #expect(try MailServer("smtp://\(host)?\(Self.from)").encryption == .required)
        }
        #expect(try MailServer("smtp://mail.example:25?tls=none&\(Self.from)").encryption == .none)
        #expect(try MailServer("smtp://localhost?\(Self.from)&tls=required").encryption == .required)
    }

    @Test(
        arguments: [
            ("mail.example", "smtp:// or smtps://"), ("http://mail.example?from=a@b.c", "smtp:// or smtps://"),
            ("smtp://mail.example", "who mails are from"), ("smtp://mail.example?from=shop", "from must be an address"),
            ("smtp://mail.example?from=a@b.c%0D%0ABcc:%20e@e.e", "from must be an address"),
            ("smtp://mail.example:0?from=a@b.c", "port"), ("smtp://mail.example:99999?from=a@b.c", "port"),
            ("smtp://?from=a@b.c", "host"), ("smtp://mail.example?from=a@b.c&tls=yes", "tls must be"),
            ("smtps://mail.example?from=a@b.c&tls=none", "always encrypted"),
            ("smtp://mail.example?from=a@b.c&sender=x", "\"sender\" is no parameter"),
            ("smtp://mail.example?from=a@b.c&from=d@e.f", "twice"),
            ("smtp://user:geheim%zz@mail.example?from=a@b.c", "%25"),
            ("smtp://user:ge/heim@mail.example?from=a@b.c", "%2F"),
            ("smtp://user:geheim%0A@mail.example?from=a@b.c", "control"),
        ]
    )
    func faultsAreSentences(text: String, words: String) {
        let refusal = #expect(throws: MailServer.Refusal.self) { try MailServer(text) }
        let description = refusal?.description ?? ""
        #expect(description.hasPrefix("OFFSTAGE_MAIL: "))
        #expect(description.contains(words))
        #expect(!description.contains("heim"))
    }

    @Test func nothingPrintsThePassword() throws {
        let server = try MailServer("smtp://user:geh%65im@mail.shop.example?\(Self.from)")
        var dumped = ""
        dump(server, to: &dumped)
        for text in ["\(server)", String(reflecting: server), dumped] {
            #expect(!text.contains("geh"))
            #expect(text.contains("smtp://mail.shop.example:587"))
        }
    }
}
