import OffstageSchema
import Testing

@Suite struct JSONParserTests {
    private static let files = Conformance.files("json", ".json")

    private func refusal(_ bytes: [UInt8]) -> JSONParser.Refusal? {
        do throws(JSONParser.Refusal) {
            _ = try JSONParser.parse(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test(.enabled(if: !files.isEmpty, "the JSON suite is not there: set OFFSTAGE_CONFORMANCE"), arguments: files)
    func agreesWithTheConformanceSuite(file: String) throws {
        let bytes = try Conformance.bytes("json", file)
        let result = Result { try JSONParser.parse(bytes) }
        switch file.first {
        case "y": #expect(throws: Never.self) { try result.get() }
        case "n": #expect(throws: JSONParser.Refusal.self) { try result.get() }
        default: break  // Either is right; not trapping is what counts.
        }
    }

    @Test(arguments: [
        ("0", JSON.number("0")), ("-0", .number("-0")), ("1.50", .number("1.50")), ("1E+2", .number("1E+2")),
        ("123456789012345678901234567890.10", .number("123456789012345678901234567890.10")),
        ("0.1e-400", .number("0.1e-400")), (" [ ] ", .array([])), ("{}", .object([])), ("true", .boolean(true)),
        (#""a\"\\\/\b\f\n\r\t\u0041\ud83d\ude00""#, .string("a\"\\/\u{8}\u{c}\n\r\tA😀")),
        (
            #"{"b":1,"a":[null,false]}"#,
            .object([.init("b", .number("1")), .init("a", .array([.null, .boolean(false)]))])
        ),
        (#"{"":""}"#, .object([.init("", .string(""))])), (#""\u0000""#, .string("\0")),
    ])
    func readsValues(text: String, expected: JSON) throws {
        #expect(try JSONParser.parse(text.utf8) == expected)
    }

    @Test(arguments: [
        ("", 0, "a value is missing"), ("01", 1, "a number does not start with 0"),
        ("[1,]", 3, "a value cannot start here"),
        ("[1 2]", 3, "a comma or ] is missing"), (#"{"a" 1}"#, 5, "a colon is missing after a name"),
        ("{a:1}", 1, "a name in quotes is missing"),
        ("1 1", 2, "something follows the value"), ("\"a", 2, "a string does not end"),
        ("\"\u{1}\"", 1, "a control character in a string must be escaped"),
        (#""\x""#, 1, "an unknown escape in a string"), (#""\u12g4""#, 5, "four hexadecimal digits must follow \\u"),
        (#""\ud800""#, 1, "a surrogate stands without its partner"),
        (#""\udc00""#, 1, "a surrogate stands without its partner"),
        (#""\ud800\u0041""#, 1, "a surrogate stands without its partner"),
        (#""\ud800\ud800""#, 1, "a surrogate stands without its partner"),
        ("NaN", 0, "a value cannot start here"), ("nul", 0, "a value cannot start here"),
        ("1.", 2, "a digit is missing"), ("-", 1, "a digit is missing"),
        (#"{"a":1,"b":2,"a":3}"#, 13, "the name \"a\" stands twice"),
        (#"{"a":1,"\u0061":3}"#, 7, "the name \"a\" stands twice"),
    ])
    func refusesWithPlaceAndReason(text: String, offset: Int, reason: String) {
        let refusal = refusal(Array(text.utf8))
        #expect(refusal?.offset == offset)
        #expect(refusal?.reason == reason)
    }

    @Test(arguments: [15, 16, 17, 40]) func findsADuplicateAmongManyNames(count: Int) {
        let members = (0..<count).map { "\"name\($0)\":\($0)" }
        for twice in [0, count / 2, count - 1] {
            let text = "{" + (members + ["\"name\(twice)\":\"another value\""]).joined(separator: ",") + "}"
            #expect(throws: JSONParser.Refusal.self) { try JSONParser.parse(text.utf8) }
        }
        #expect(throws: Never.self) { try JSONParser.parse(("{" + members.joined(separator: ",") + "}").utf8) }
    }

    /// The conformance suite accepts it; nothing depends on which of the two a reader takes.
    @Test func aMemberThatStandsTwiceAlikeCountsOnce() throws {
        let json = try JSONParser.parse(#"{"a":[1],"b":2,"a":[1]}"#.utf8)
        #expect(json == .object([.init("a", .array([.number("1")])), .init("b", .number("2"))]))
    }

    @Test func showsOnlyTheStartOfANameThatStandsTwice() {
        let name = "x" + String(repeating: "\u{301}", count: 10_000)
        let start = "x" + String(repeating: "\u{301}", count: 39)
        #expect(refusal(Array("{\"\(name)\":1,\"\(name)\":2}".utf8))?.reason == "the name \"\(start)…\" stands twice")
    }

    @Test func nestsSixtyFourLevelsAndNoMore() {
        func nested(_ depth: Int) -> [UInt8] {
            Array(String(repeating: "[", count: depth).utf8) + Array(String(repeating: "]", count: depth).utf8)
        }
        #expect(throws: Never.self) { try JSONParser.parse(nested(64)) }
        for depth in [65, 100_000] {
            #expect(refusal(nested(depth))?.offset == 64)
            #expect(refusal(nested(depth))?.reason == "nested deeper than 64 levels")
        }
        let objects = String(repeating: #"{"a":"#, count: 100_000)
        #expect(throws: JSONParser.Refusal.self) { try JSONParser.parse(objects.utf8) }
    }

    @Test(
        arguments: [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf4, 0x90, 0x80, 0x80]] as [[UInt8]]
    )
    func refusesBytesThatAreNotUTF8(bytes: [UInt8]) {
        for text in [[0x22] + bytes + [0x22], [0x22, 0x5c, 0x6e] + bytes + [0x22]] {
            #expect(refusal(text)?.offset == 1)
            #expect(refusal(text)?.reason == "a string is not UTF-8")
        }
    }

    @Test func readsEveryPrefixOfADocumentWithoutTrapping() {
        let text = Array(#"{"a":[1.5e-3,"é\ud83d\ude00\n",true,null],"b":{"c":false}}"#.utf8)
        for end in 0..<text.count {
            #expect(throws: JSONParser.Refusal.self) { try JSONParser.parse(text[..<end]) }
        }
        #expect(throws: Never.self) { try JSONParser.parse(text) }
    }
}
