import OffstageSchema
import Testing

@Suite struct PatternTests {
    @Test(arguments: [
        ("[A-Z]{3}-[0-9]{4}", "ABC-1234", Pattern.Answer.yes), ("[A-Z]{3}-[0-9]{4}", "xABC-1234", .no),
        ("[A-Z]{3}-[0-9]{4}", "ABC-12345", .no),
        ("a|ab", "ab", .yes), ("a|b", "ab", .no), ("^a$", "a", .yes), ("a", "a\n", .no), ("a$", "a\n", .no),
        ("", "", .yes), ("", "a", .no), (".", "é", .yes),
        ("\\w+", "straße", .yes), ("\\d", "٣", .yes), ("(?i)ABC", "abc", .yes), (".*", "a\nb", .no),
        ("(?s).*", "a\nb", .yes), ("a(*ACCEPT)b", "ac", .no),
        ("a*?", "aaa", .yes), ("(?x) a # b", "a", .yes), ("\\Qa.b", "a.b", .yes),
    ])
    func matchesTheWholeText(source: String, text: String, answer: Pattern.Answer) throws {
        #expect(try Pattern(source).matches(whole: text) == answer)
    }

    @Test(arguments: [
        ("(", 1), ("a)", 1), ("a)|(?:b", 1), ("[a", 2), ("*", 0), ("\\", 1), ("(?<n>a)(?<n>b)", 12), ("a{2,1}", 5),
        ("\\C", 2),
    ])
    func refusesBrokenPatternsWithTheirPlace(source: String, offset: Int) {
        do throws(Pattern.Refusal) {
            _ = try Pattern(source)
            Issue.record("\(source) is taken")
        } catch {
            #expect(error.offset == offset)
            #expect(!error.reason.isEmpty)
        }
    }

    @Test(arguments: [
        "(a+)+", "(a|aa)+", "(a|a?)+", "(.*a){20}", "((a*)*)*", "(?:a?){40}a{40}", "(a(?R)?)+b|(a|b|ab)*c",
    ])
    func stopsPatternsThatBacktrackWithoutEnd(source: String) throws {
        let pattern = try Pattern(source)
        let text = String(repeating: "a", count: 5000) + "!"
        var answer = Pattern.Answer.yes
        let time = ContinuousClock().measure { answer = pattern.matches(whole: text) }
        #expect(answer != .yes)
        #expect(time < .seconds(10))
    }

    @Test(arguments: ["(?:a|b)*", "(?:[a-z]+ ?)*", "(\\w|\\s)+", "[^<>]*", "(?:ab?|b)*"])
    func matchesLongTextsThatArePlain(source: String) throws {
        let text = String(repeating: "ab", count: 5000)
        #expect(try Pattern(source).matches(whole: text) == .yes)
    }

    @Test func isSharedByThreads() async throws {
        let pattern = try Pattern("(a|b)*c")
        let text = String(repeating: "ab", count: 100) + "c"
        let all = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 { group.addTask { (0..<200).allSatisfy { _ in pattern.matches(whole: text) == .yes } } }
            return await group.allSatisfy { $0 }
        }
        #expect(all)
    }
}
