import OffstageSchema
import Testing

@Suite struct JSONWriterTests {
    private func written(_ json: JSON) -> String {
        var writer = JSONWriter()
        writer.write(json)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func written(_ value: Value) -> String {
        var writer = JSONWriter()
        writer.write(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test(arguments: UInt64(0)..<200) func readsBackWhatItWrote(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        let json = tree(depth: 5, &numbers)
        let text = written(json)
        let again = try JSONParser.parse(text.utf8)
        #expect(again == json)
        #expect(written(again) == text)
    }

    private func tree(depth: Int, _ numbers: inout SeededNumbers) -> JSON {
        switch Int.random(in: 0...(depth > 0 ? 6 : 4), using: &numbers) {
        case 0: return .null
        case 1: return .boolean(Bool.random(using: &numbers))
        case 2:
            return .number(
                ["0", "-0", "1e999", "12.50", "-3E-7", "9007199254740993"].randomElement(using: &numbers) ?? "0"
            )
        case 3, 4: return .string(numbers.text())
        case 5:
            return .array((0..<Int.random(in: 0...5, using: &numbers)).map { _ in tree(depth: depth - 1, &numbers) })
        default:
            // A number in front keeps the names apart.
            return .object(
                (0..<Int.random(in: 0...20, using: &numbers)).map {
                    JSON.Member("\($0)" + numbers.text(), tree(depth: depth - 1, &numbers))
                }
            )
        }
    }

    @Test func escapesOnlyWhatMustBe() {
        let text =
            String(String.UnicodeScalarView((0..<0x21).compactMap { Unicode.Scalar($0) })) + "\"\\/<\u{7f}\u{2028}é"
        let expected =
            #""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#
            + #"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f "#
            + "\\\"\\\\/<\u{7f}\u{2028}é\""
        #expect(written(.string(text)) == expected)
    }

    @Test(arguments: [
        (Value.null, "null"), (.boolean(true), "true"), (.integer(-9_007_199_254_740_991), "-9007199254740991"),
        (.integer(.min), "-9223372036854775808"), (.number(1), "1"), (.number(-0.0), "0"), (.number(0.1), "0.1"),
        (.number(1e300), "1e+300"), (.number(9_007_199_254_740_992), "9007199254740992.0"), (.number(5e-324), "5e-324"),
        (.decimal(Decimal(unscaled: 1250, scale: 2)), "\"12.50\""),
        (.decimal(Decimal(unscaled: -5, scale: 2)), "\"-0.05\""),
        (.text("a\"b"), #""a\"b""#), (.list([.integer(1), .text("x")]), #"[1,"x"]"#), (.list([]), "[]"),
        (.json(.object([.init("a", .number("1.0"))])), #"{"a":1.0}"#),
        (.datetime(Timestamp(milliseconds: 0)), "\"1970-01-01T00:00:00.000Z\""),
        (.date(CalendarDate(days: 0)), "\"1970-01-01\""),
        (
            .identifier(Identifier(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210)),
            "\"01234567-89ab-cdef-fedc-ba9876543210\""
        ),
    ])
    func writesEveryKindOfValue(value: Value, expected: String) {
        #expect(written(value) == expected)
    }

    @Test func numbersReadBackToTheSameDouble() throws {
        var numbers = SeededNumbers(seed: 7)
        for _ in 0..<10_000 {
            let double = Double(bitPattern: numbers.next())
            guard double.isFinite else { continue }
            guard case .number(let text) = try JSONParser.parse(written(.number(double)).utf8) else {
                Issue.record("\(double) is not written as a number")
                continue
            }
            #expect(Double(text) == double)
        }
    }
}
