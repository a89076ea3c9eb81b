import OffstageSchema
import Testing

@Suite struct AddressTests {
    private func email(_ text: String) -> String? {
        guard case .text(let text)? = try? EmailKind().read(text: text) else { return nil }
        return text
    }

    @Test(arguments: [
        "ada@example.com", "a@b", "a.b+c@x-y.example", "!#$%&'*+/=?^_`{|}~-@x.de", "jürgen@müller.de", "用户@例え.jp",
        ".a.@x.de", "a@1.2.3.4",
    ])
    func acceptsMailAddresses(text: String) {
        #expect(email(text) == text)
    }

    @Test(arguments: [
        "", "a", "@", "a@", "@b", "a@b@c", "a b@c.de", "a@b..c", "a@.b", "a@b.", "a@-b.de", "a@b-.de", "a@b_c.de",
        "a@[1.2.3.4]", "\"a\"@b.de", "a,b@c.de", "<a@b.de>",
        "a@b.de\n", "a@b.de\r\nBcc: x@y.de", "a\u{0}@b.de", "a\u{a0}@b.de", "a@b\u{200b}.de", "a@b\u{2028}.de",
        "a@b\u{301}.de@", "a;b@c.de", "a@b.de ",
        String(repeating: "a", count: 65) + "@b.de", "a@" + String(repeating: "b", count: 64) + ".de",
        "a@" + String(repeating: "b.", count: 130) + "de",
    ])
    func refusesMailAddresses(text: String) {
        #expect(email(text) == nil)
    }

    @Test func keepsLettersBeyondASCIIFolded() {
        #expect(email("Ada@Example.com") == "Ada@Example.com")
        #expect(email("JÜRGEN@MÜLLER.DE") == "jürgen@müller.de")
    }

    @Test(
        arguments: [
            ("http://example.com", "http", "example.com", nil, "", "http://example.com"),
            ("HTTPS://Example.COM:8443/a?b#c", "https", "example.com", 8443, "/a?b#c", "https://example.com:8443"),
            ("https://example.com:443?x", "https", "example.com", 443, "?x", "https://example.com"),
            ("http://[::1]:80/", "http", "[::1]", 80, "/", "http://[::1]"),
            ("http://[2001:DB8::1]", "http", "[2001:db8::1]", nil, "", "http://[2001:db8::1]"),
            ("http://münchen.example/ä", "http", "münchen.example", nil, "/ä", "http://münchen.example"),
            ("http://localhost./", "http", "localhost.", nil, "/", "http://localhost."),
            ("http://a_b.c", "http", "a_b.c", nil, "", "http://a_b.c"),
        ] as [(String, String, String, Int?, String, String)]
    )
    func readsWebAddresses(text: String, scheme: String, host: String, port: Int?, path: String, origin: String) throws
    {
        let address = try #require(WebAddress(text))
        #expect(address.scheme == scheme)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.path == path)
        #expect(address.origin == origin)
    }

    @Test(arguments: [
        "", "example.com", "//example.com", "ftp://example.com", "javascript://x", "http:/x", "http://", "http:///x",
        "http://user@example.com", "http://a:b@c.de",
        "http://a\\b", "http://a.de\\@b.de", "http://a b.de", "http://a.de/ b", "http://a.de\n", "\thttp://a.de",
        "http://a..b", "http://.a", "http://.", "http://a:0",
        "http://a:65536", "http://a:+80", "http://a:-1", "http://a:", "http://a:8x", "http://a:٨٠", "http://[::1",
        "http://[]", "http://[1.2.3.4]", "http://[::g]",
        "http://[::1]x", "http://a%20b", "http://a<b>", "http://a\u{3000}b", "http://a\u{7f}",
        "http://user@\u{301}b.de", "http://a/\u{0}",
    ])
    func refusesWebAddresses(text: String) {
        #expect(WebAddress(text) == nil)
    }

    @Test func boundsWebAddresses() {
        let longest = "http://a/" + String(repeating: "b", count: URLKind.maximum - 9)
        #expect(throws: Never.self) { try URLKind().read(text: longest) }
        #expect(throws: Fault("", .url, "must be a web address of at most 2048 bytes")) {
            try URLKind().read(text: longest + "b")
        }
        #expect(throws: Fault("", .url, "must be a web address that starts with http:// or https://")) {
            try URLKind().read(text: "mailto:a@b.de")
        }
    }
}

@Suite struct NormalizedTextTests {
    @Test(arguments: [
        ("", ""), ("abc", "abc"), ("\u{e9}", "\u{e9}"), ("e\u{301}", "\u{e9}"), ("\u{212b}", "\u{c5}"),
        ("\u{1100}\u{1161}", "\u{ac00}"), ("a\u{323}\u{307}", "\u{1ea1}\u{307}"),
        ("a\u{307}\u{323}", "\u{1ea1}\u{307}"), ("\u{fb01}", "\u{fb01}"), ("\u{2126}", "\u{3a9}"),
        ("x\u{344}", "\u{1e8d}\u{301}"), ("\u{340}", "\u{300}"),
    ])
    func composes(text: String, expected: String) throws {
        #expect(Array(try NormalizedText.read(text).utf8) == Array(expected.utf8))
    }

    @Test func refusesNUL() {
        #expect(throws: Fault("", .type, "must not contain the character NUL (U+0000)")) {
            try NormalizedText.read("a\0é\u{301}")
        }
    }

    @Test(arguments: [("Straße", "strasse"), ("ÉCOLE", "école"), ("İ", "i̇"), ("ΣΑΣ", "σασ")])
    func foldsCase(text: String, expected: String) {
        #expect(Array(NormalizedText.folded(text).utf8) == Array(NormalizedText.nfc(expected).utf8))
    }
}
