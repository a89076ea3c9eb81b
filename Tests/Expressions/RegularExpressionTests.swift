import Testing

@testable import OffstageExpressions

@Suite struct RegularExpressionTests {
    @Test(arguments: [
        ("ubb", "hubba", true), ("^ubb", "hubba", false), ("a$", "hubba", true), ("^$", "", true), ("a$", "a\n", false),
        ("(?m)^b$", "a\nb\nc", true), ("a.c", "a\nc", false), ("(?s)a.c", "a\nc", true),
        ("(?i)STRASSE", "Strasse", true),
        ("(?i:A)b", "ab", true), ("(?i:A)b", "aB", false), ("[^a-c]", "abc", false), ("[]a]", "]", true),
        ("[a-]", "-", true),
        ("[\\d\\-x]", "-", true), ("[^\\D]", "5", true), ("\\bfoo\\b", "a foo b", true), ("\\bfoo\\b", "afoob", false),
        ("\\pL{3}", "äöü", true), ("\\p{Lu}", "a", false), ("\\P{L}", "a1", true), ("x{2,3}y", "xxxxy", true),
        ("^x{2,3}$", "xxxx", false),
        ("x{,3}", "x{,3}", true), ("a|b|", "", true), ("(?P<n>a)(?:b)", "ab", true),
        ("\\x41\\x{1F600}", "A\u{1F600}", true),
        ("\\Qa.b\\E.", "a.bc", true), ("[[:alpha:]]+[[:^digit:]]", "ab", true), ("a??b*?c+?", "c", true),
        ("(a*)*", "b", true),
        ("\\Aab\\z", "ab", true), ("😀{2}", "😀😀", true), ("é", "e\u{301}", false), ("\\.", "a", false),
        ("(|a)+b", "aab", true),
        // Repetitions of nothing, which written out would go on for good.
        ("(((((){1000}){1000}){1000}){1000})", "a", true),
    ])
    func itMatchesAsRE2Does(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try RegularExpression(pattern: pattern).matches(text, stepsAtMost: 10_000) == expected)
    }

    @Test(arguments: [
        "(", ")", "a**", "*", "[a", "[b-a]", "(?=a)", "(?<=a)", "(?!a)", "\\1", "a{2,1}", "a{1001}", "\\", "[[:nope:]]",
        "\\p{Greek}", "\\y", "(?<n", "(?P<>a)", "[\\", "\\x{110000}", "\\xZ",
    ])
    func whatRE2RefusesIsRefused(_ pattern: String) {
        #expect(throws: RegularExpression.Refusal.self) { try RegularExpression(pattern: pattern) }
    }
}
