import Testing

@testable import OffstageExpressions

@Suite struct BoundsTests {
    @Test(arguments: [
        "(", "[", "{1: ", "!", "-", "true ? true ? ", "size(", "[1].map(x, ", "a[", "has(", "tags.exists(t, ",
    ])
    func deepNestingIsRefusedNotFollowed(_ opening: String) {
        // One more than the limit, and the sign that belongs to the number.
        for count in [34, 5000] {
            let limits = Limits(charactersAtMost: 2_000_000, nestingAtMost: 32, nodesAtMost: 5000)
            #expect(!faults(String(repeating: opening, count: count) + "1", limits: limits).isEmpty)
        }
    }

    @Test(arguments: [" + 1", ".a", "[0]", ".size()", " == 1", " - -1", " ? 1 : 1"])
    func longChainsAreRefusedNotFollowed(_ link: String) {
        let limits = Limits(charactersAtMost: 2_000_000, nestingAtMost: 1000, nodesAtMost: 1_000_000)
        #expect(!faults("details" + String(repeating: link, count: 5000), limits: limits).isEmpty)
    }

    @Test func aLongChainOfConditionsIsFine() {
        #expect(faults("seats == 1" + String(repeating: " || seats == 1", count: 900)) == [])
    }

    @Test func thirtyTwoLevelsAreFine() {
        let text = String(repeating: "(", count: 32) + "1" + String(repeating: ")", count: 32)
        #expect(faults(text) == [])
    }

    @Test func sizeIsBounded() {
        let long = "title == '" + String(repeating: "a", count: 5000) + "'"
        #expect(faults(long, limits: .filter) == ["1:1: the expression is longer than 4096 characters"])
        let wide = "seats in [" + String(repeating: "1,", count: 2030) + "1]"
        #expect(faults(wide, limits: .filter).first?.hasSuffix("the expression has more than 2000 parts") == true)
    }

    @Test(arguments: [
        "[1,2,3,4,5,6,7,8,9].all(a, [1,2,3,4,5,6,7,8,9].all(b, [1,2,3,4,5,6,7,8,9].all(c, [1,2,3,4,5,6,7,8,9].all(d, [1,2,3,4,5,6,7,8,9].all(e, [1,2,3,4,5,6,7,8,9].all(f, a + b + c + d + e + f > 0))))))",
        "cel.bind(a, 'xxxxxxxxxxxxxxxx', cel.bind(b, a+a+a+a+a+a+a+a+a+a, cel.bind(c, b+b+b+b+b+b+b+b+b+b, cel.bind(d, c+c+c+c+c+c+c+c+c+c, cel.bind(e, d+d+d+d+d+d+d+d+d+d, cel.bind(f, e+e+e+e+e+e+e+e+e+e, f+f+f+f+f+f+f+f+f+f).size() > 0)))))",
        "cel.bind(a, [1,1,1,1,1,1,1,1,1,1], cel.bind(b, a.map(x, a), cel.bind(c, b.map(x, b), cel.bind(d, c.map(x, c), cel.bind(e, d.map(x, d), e == e)))))",
        "cel.bind(a, [0,1,2,3,4,5,6,7,8,9], a.map(x, a.map(y, a.map(z, a.map(u, a.map(v, 'a'.replace('a', '%s%s%s').format([x, y, z]))))))) == []",
        "cel.bind(a, [1,1,1,1,1,1,1,1,1,1], cel.bind(b, {'a': a, 'b': a, 'c': a}, cel.bind(c, [b,b,b,b,b,b,b,b,b], cel.bind(d, [c,c,c,c,c,c,c,c,c], cel.bind(e, [d,d,d,d,d,d,d,d,d], cel.bind(f, [e,e,e,e,e,e,e,e], f.exists(x, '%s'.format([x]) == ''))))))) || true",
    ])
    func workIsBoundedAndItsEndIsNotAbsorbed(_ text: String) throws {
        let checked = try Checked.unchecked(text, in: lessonScope)
        let clock = ContinuousClock()
        let time = clock.measure {
            guard case .failure(let failure) = checked.evaluate(Known()) else {
                Issue.record("it ran to its end")
                return
            }
            #expect(failure.reason == .costExceeded)
        }
        // 50 ms in release; a debug build on a busy machine is many times slower.
        #expect(time < .seconds(5))
    }

    @Test(arguments: ["(a+)+$", "(a|aa)+$", "(.*)*x", "((a{0,30}){0,30})b", "(a?){30}a{30}c"])
    func noPatternIsSlow(_ pattern: String) throws {
        let expression = try RegularExpression(pattern: pattern)
        let clock = ContinuousClock()
        let time = clock.measure {
            _ = expression.matches(String(repeating: "a", count: 2000) + "!", stepsAtMost: 100_000)
        }
        #expect(time < .seconds(5))
    }

    @Test func aPatternThatGrowsIsRefused() {
        #expect(throws: RegularExpression.Refusal.self) { try RegularExpression(pattern: "((a{100}){100}){100}") }
        #expect(throws: RegularExpression.Refusal.self) {
            try RegularExpression(pattern: String(repeating: "(", count: 1000) + String(repeating: ")", count: 1000))
        }
    }

    @Test func randomTextsNeverTrap() {
        var generator = Generator(state: 42)
        let pieces = [
            "(", ")", "[", "]", "{", "}", ".", ",", ":", "?", "-", "+", "*", "/", "%", "!", "&&", "||", "==", "<",
            " in ",
            "1", "0", "-9223372036854775808", "18446744073709551615u", "1e308", "'a'", "\"é\"", "b'\\xff'", "r'\\'",
            "title",
            "seats", "user", "id", "x", "tags", "exists", "all", "map", "has", "cel.bind(x, ", "size", "format",
            "'%s %d'",
            "math.greatest", "decimal('1.5')", "date('2026-01-01')", "timestamp", "duration('1h')", "null", "true", "`",
            "\\",
            "'", "matches", "'(a*'", "substring", "records.enrolments", "{'a': 1}", "[1, 2]", "\u{0}", "\u{10ffff}",
            "\n",
        ]
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 1...14, using: &generator)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &generator)]
            }.joined()
            for dynamic in [true, false] {
                let checked = try? dynamic ? Checked.unchecked(text, in: lessonScope) : Checked(text, in: lessonScope)
                _ = checked?.decide(staff)
                _ = checked?.evaluate(staff)
            }
        }
    }

    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }
}
