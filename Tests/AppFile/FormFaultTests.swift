import OffstageAppFile
import Testing

/// Faults of forms, word for word.
@Suite struct FormFaultTests {
    static let cases: [Case] = [
        Case(Loading.form("fields: [name]"), "9:3: a form needs \"into\", such as into: messages"),
        Case(Loading.form("into: messages"), "9:3: a form needs \"fields\", such as fields: [name, message]"),
        Case(
            Loading.form("into: message", "fields: [name]"),
            "10:11: unknown collection \"message\"; expected messages; did you mean \"messages\"?"
        ),
        Case(Loading.form("into: messages", "fields: []"), "11:13: a form needs at least one field"),
        Case(
            Loading.form("into: messages", "fields: [nam, name, name, email]"),
            "11:14: unknown field \"nam\" of messages; expected one of name, email; did you mean \"name\"?",
            "11:25: \"name\" is in the form twice",
            "11:31: \"email\" is not writable, so a form cannot take it"
        ),
        Case(
            Loading.form("into: messages", "fields: [email]"),
            "11:13: \"name\" of messages is required and has no default, so a form without it could store nothing",
            "11:14: \"email\" is not writable, so a form cannot take it"
        ),
        Case(
            Loading.form("into: messages", "fields: [name]", "titel: x"),
            "12:5: unknown key \"titel\" in a form; expected one of into, fields, title, send, thanks, limit; "
                + "did you mean \"title\"?"
        ),
    ]

    static let limits = [
        "0/hour", "10", "10 / hour", "-1/hour", "1000000/hour", "/hour", "٣/hour", "1/2/hour",
        "99999999999999999999/day",
    ]

    @Test(arguments: cases)
    func aFormsFaultsArePrintedWithTheirPlace(_ test: Case) {
        #expect(Loading.faults(test.text) == test.faults)
    }

    @Test(arguments: limits)
    func aLimitIsPostsAndAPeriod(_ limit: String) {
        let faults = Loading.faults(Loading.form("into: messages", "fields: [name]", "limit: \"\(limit)\""))
        #expect(
            faults == ["12:12: expected a limit of 1 to 999999 posts, such as 10/hour, found the text \"\(limit)\""]
        )
    }

    @Test func aMisspelledPeriodHasASuggestion() {
        let faults = Loading.faults(Loading.form("into: messages", "fields: [name]", "limit: 3/hours"))
        #expect(
            faults == ["12:12: unknown period \"hours\"; expected one of minute, hour, day; did you mean \"hour\"?"]
        )
    }

    static let redirects: [(String, String)] = [
        ("//evil.example", "a path starts with one /; browsers take \"//evil.example\" for another site"),
        ("/\\evil.example", "\"/\\evil.example\" has a backslash or a space, which browsers read differently"),
        ("\\/evil.example", "\"\\/evil.example\" has a backslash or a space, which browsers read differently"),
        ("/a b", "\"/a b\" has a backslash or a space, which browsers read differently"),
        ("https://evil.example/", "\"https://evil.example\" is not among the \"origins\" of the app"),
        ("http://www.shop.example/", "\"http://www.shop.example\" is not among the \"origins\" of the app"),
        ("https://www.shop.example:8443/", "\"https://www.shop.example:8443\" is not among the \"origins\" of the app"),
        (
            "https://www.shop.example@evil.example/",
            "expected a path, such as /thanks.html, or a URL on a listed origin, found the text "
                + "\"https://www.shop.example@evil.example/\""
        ),
        (
            "javascript:alert(1)",
            "expected a path, such as /thanks.html, or a URL on a listed origin, found the text \"javascript:alert(1)\""
        ),
        (
            "thanks.html",
            "expected a path, such as /thanks.html, or a URL on a listed origin, found the text \"thanks.html\""
        ),
    ]

    @Test(arguments: redirects)
    func thanksIsNoOpenRedirect(_ thanks: String, _ message: String) {
        let faults = Loading.faults(Loading.form("into: messages", "fields: [name]", "thanks: '\(thanks)'"))
        #expect(faults == ["12:13: \(message)"])
    }

    @Test(arguments: ["\\r\\n", "\\x07", "\\0"])
    func thanksHasNoControlCharacters(_ escape: String) {
        let faults = Loading.faults(Loading.form("into: messages", "fields: [name]", "thanks: \"/a\(escape)b\""))
        #expect(
            faults == [
                "12:13: expected a path, such as /thanks.html, or a URL on a listed origin on one line, "
                    + "without control characters"
            ]
        )
    }

    @Test func anImpossibleDefaultIsNotToldTwice() {
        let text = Loading.fields("a: {type: integer, required: true, default: x}", "b: text")
        #expect(
            Loading.faults(text + "forms:\n  f: {into: things, fields: [b]}\n")
                == ["5:51: impossible default: must be a whole number, not a string"]
        )
    }
}
