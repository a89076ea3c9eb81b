import Testing

@testable import OffstageExpressions

/// Patterns in the syntaxes of databases. That these read them as written is tested beside each engine.
@Suite struct RegexSyntaxTests {
    @Test(
        arguments: [
            // Where PCRE2 and ICU agree, one text stands for both.
            ("ab", "ab", "ab"), ("", "(?:)", "(?:)"), ("a||b", "a||b", "a||b"), ("(|)*", "(?:)", "(?:)"),
            ("^a$", "\\Aa\\Z", "\\Aa\\z"), ("(?m)^a$", "(?<![^\\n])a(?![^\\n])", "(?<![^\\n])a(?![^\\n])"),
            ("a.c", "a[^\\u000a]c", "a[^\\x{a}]c"), ("(?s)a.c", "a[\\u0001-\u{10ffff}]c", "a[\\x{1}-\u{10ffff}]c"),
            ("***:a", nil, nil), ("\\*\\*\\*:a", "\\*\\*\\*\\:a", "\\*\\*\\*\\:a"),
            ("\\Q(?i)a\\E", "\\(\\?i\\)a", "\\(\\?i\\)a"),
            ("é_ \\x{1F600}", "é_\\ 😀", "é_\\ 😀"), ("\\x00", "\\u0000", "\\x{0}"), ("[^\\s\\S]", "\\u0000", "\\x{0}"),
            ("[\\]^-]", "[\\-\\]-\\^]", "[\\-\\]-\\^]"), ("[^\\d]", "[^0-9]", "[^0-9]"), ("(?i)k", "[KkK]", "[KkK]"),
            ("(?i)[^k]", "[^KkK]", "[^KkK]"),
            ("[\\x{d000}-\\x{d7ff}\\x{e000}]", "[\u{d000}-\u{e000}]", "[\u{d000}-\u{e000}]"),
            ("a(b|c)d", "a(?:b|c)d", "a(?:b|c)d"), ("(?P<n>a)+b", "ab", "ab"), ("^((a))+?$", "\\Aa+\\Z", "\\Aa+\\z"),
        ] as [(String, String?, String?)]
    )
    func itIsWrittenAs(_ pattern: String, _ postgres: String?, _ others: String?) throws {
        let expression = try? RegularExpression(pattern: pattern)
        #expect(expression?.written(for: .postgres) == postgres)
        #expect(expression?.written(for: .icu) == others)
        #expect(expression?.written(for: .pcre) == others.map { $0 == "(?:)" ? "(?-i)" : "(?-i)" + $0 })
    }

    @Test(arguments: [
        ("^a{600}$", "\\Aa{255}a{255}a{90}\\Z"), ("^a{255}$", "\\Aa{255}\\Z"), ("^a{510}$", "\\Aa{255}a{255}\\Z"),
        ("^(ab){0,300}$", "\\A(?:ab){0,255}(?:ab){0,45}\\Z"), ("^a{300,}$", "\\Aa{255}a{45,}\\Z"),
        ("^a{256,}$", "\\Aa{255}a+\\Z"), ("^a{200,500}$", "\\Aa{200,255}a{0,245}\\Z"),
        ("^a{300,301}$", "\\Aa{255}a{45,46}\\Z"), ("^a{255,256}$", "\\Aa{255}a?\\Z"), ("^a{0,1}$", "\\Aa?\\Z"),
        ("^a{1}b{0}$", "\\Aa\\Z"),
    ])
    func postgresTakesNoLargeNumber(_ pattern: String, _ postgres: String) throws {
        #expect(try RegularExpression(pattern: pattern).written(for: .postgres) == postgres)
    }

    /// What would be slow where an engine goes back, or large where it builds an automaton.
    @Test(arguments: [
        ("(a*)*$", "\\z"), ("^(a+)+$", "\\Aa+\\z"), ("^(a+)*$", "\\Aa*\\z"), ("^(a?){900}$", "\\Aa{0,900}\\z"),
        ("^(a{1,3}){2,4}$", "\\Aa{2,12}\\z"), ("^(a{2,3}){2}$", "\\A(?:a{2,3}){2}\\z"),
        ("^(a{2})?$", "\\A(?:a{2})?\\z"),
        (".*a+", "a"), ("a{2,}b*|c?d{1,3}", "a{2}|d"), (".*", "(?:)"), ("^a{2,4}", "\\Aa{2}"), ("a(bc)+", "abc"),
        ("(^|a){3}", "(?:\\A|a){3}"), ("a(^*){2,}b", "ab"), ("a(^+){2,}b", "a\\Ab"),
    ])
    func itIsMadeHarmless(_ pattern: String, _ icu: String) throws {
        #expect(try RegularExpression(pattern: pattern).written(for: .icu) == icu)
    }

    @Test func whatIsTooLargeIsNotWritten() throws {
        let letters = try RegularExpression(pattern: String(repeating: "\\pL", count: 100))
        #expect(RegexSyntax.allCases.allSatisfy { letters.written(for: $0) == nil })
        // PCRE2 writes it out.
        let repeated = try RegularExpression(pattern: "^(?:\\pL\\d){200}$")
        #expect(repeated.written(for: .icu) != nil)
        #expect(repeated.written(for: .postgres) != nil)
        #expect(repeated.written(for: .pcre) == nil)
    }

    // MARK: The same meaning

    /// Without anchors of lines and words, ICU's syntax is one that is read here too.
    private static func again(_ expression: RegularExpression) throws -> RegularExpression {
        try RegularExpression(pattern: try #require(expression.written(for: .icu)))
    }

    @Test(arguments: [
        "\\p{Lu}", "\\P{L}", "[^\\p{N}x]", "\\p{Co}", "(?i)\\p{Lu}", "(?i)[^\\p{Ll}]", "(?i)[à-ž]", "[[:^alpha:]]",
        "[^\\D]",
        "(?i)[\\x{1f80}-\\x{1fff}]", "(?i)ǆ", "[^ǆ]", "(?i)[^s-u\\W]",
    ])
    func aSetIsTheSameSet(_ pattern: String) throws {
        let expression = try RegularExpression(pattern: pattern)
        let again = try Self.again(expression)
        // The first 600 have all that is special, the others are a sample of the planes.
        let values = Array(1...600) + Array(stride(from: 601, through: 0x10ffff, by: 997))
        for scalar in values.compactMap(Unicode.Scalar.init) {
            let text = String(scalar)
            let (first, second) = (expression.matches(text, stepsAtMost: 99), again.matches(text, stepsAtMost: 99))
            #expect(first == second, "U+\(String(scalar.value, radix: 16))")
        }
    }

    @Test func aPatternMeansTheSame() throws {
        var chance = Dice(state: 7)
        var found = 0
        for _ in 0..<3000 {
            let pattern = Self.pattern(&chance, depth: 3)
            guard let expression = try? RegularExpression(pattern: pattern) else { continue }
            let again = try Self.again(expression)
            for _ in 0..<10 {
                let text = Self.text(&chance)
                let matches = expression.matches(text, stepsAtMost: 100_000)
                #expect(again.matches(text, stepsAtMost: 100_000) == matches, "\(pattern) on \(text)")
                if matches == true { found += 1 }
            }
        }
        #expect((5000...25_000).contains(found))
    }

    private static let scalars: [Unicode.Scalar] = [
        "a", "a", "b", "c", "A", "B", "\n", "-", "]", "ä", "Ä", "ſ", "S", "😀",
    ]

    private static func text(_ chance: inout Dice) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<chance.below(8) { text.append(scalars[chance.below(scalars.count)]) }
        return String(text)
    }

    private static func pattern(_ chance: inout Dice, depth: Int) -> String {
        var pattern = ""
        for _ in 0..<chance.below(4) {
            if chance.below(8) == 0 { pattern += "|" }
            let letter = String(scalars[chance.below(7)])
            let part =
                switch chance.below(depth > 0 ? 12 : 8) {
                case 0: "."
                case 1: ["^", "$", "\\A", "\\z"][chance.below(4)]
                case 2: "[^\(letter)\\]]"
                case 3: "[\(letter)-ä]"
                case 4: "\\w"
                case 5...7: letter
                case 8: "(?i:" + Self.pattern(&chance, depth: depth - 1) + ")"
                default: "(" + Self.pattern(&chance, depth: depth - 1) + ")"
                }
            let counts = ["*", "+", "?", "{2}", "{0,2}", "{1,3}", "{2,}", "", "", "", "", ""]
            pattern += part + counts[chance.below(counts.count)]
        }
        return pattern
    }
}

/// The same numbers from the same seed.
private struct Dice {
    var state: UInt64

    mutating func below(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % count
    }
}
