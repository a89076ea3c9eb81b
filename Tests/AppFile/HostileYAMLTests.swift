import OffstageAppFile
import OffstageSchema
import Testing

/// YAML that is broken, or made to hurt.
@Suite struct HostileYAMLTests {
    static let cases: [Case] = [
        Case("offstage: 1\n---\noffstage: 1\n", "2:1: a second document starts here; the file must be one document"),
        Case("offstage: 1\n\tname: x\n", "2:1: a tab may not indent; use spaces"),
        Case("a:\n\t- b\n", "2:1: a tab may not indent; use spaces"),
        Case("offstage: 1\nname: @x\n", "2:7: a value may not start with \"@\"; put it in quotes"),
        Case(
            "offstage: 1\nname: a: b\n",
            "2:8: a \":\" may not stand here; put a text with \": \" in quotes, or check the indentation"
        ),
        Case(
            "offstage: 1\norigins: [a, b\nname: x\n",
            "3:5: not YAML: did not find expected ',' or ']' while parsing a flow sequence that starts at 2:10"
        ),
        Case(
            "offstage: 1\nname: a\0b\n",
            "2:8: the character U+0000 may not stand in the file; in double quotes it is written \"\\u0000\""
        ),
        Case(
            "offstage: 1\nname: ä\u{2028}b\n",
            "2:8: the character U+2028 may not stand in the file; in double quotes it is written \"\\u2028\""
        ),
        Case(
            "offstage: 1\nname: \u{feff}b\n",
            "2:7: the character U+FEFF may not stand in the file; in double quotes it is written \"\\uFEFF\""
        ),
        Case(
            "offstage: 1\nname: !x y\n<<: {a: 1}\n? [a]\n: 1\nurl: https://x.example\n",
            "2:7: \"!x\" is a YAML tag, which has no meaning here; put a text that starts with ! in quotes",
            "3:1: \"<<\" is not part of YAML 1.2; write the keys out",
            "4:3: a key must be a plain text"
        ),
        Case("offstage: 1\nname: [!x]\n", "2:10: not YAML; put a text that starts with ! in quotes"),
        Case(
            "offstage: 1\nname: *x\n",
            "2:7: alias \"*x\" has no anchor before it; put a text that starts with * in quotes"
        ),
        Case(
            "offstage: 1\nname: &a [*a]\n",
            "2:11: alias \"*a\" has no anchor before it; put a text that starts with * in quotes"
        ),
        Case("offstage: 1\nname: \"a\\0b\"\n", "2:7: expected a text on one line, without control characters"),
        Case("a: " + String(repeating: "[", count: 100_000), "1:35: more than 32 levels inside each other"),
        Case(String(repeating: "- ", count: 100_000), "1:65: more than 32 levels inside each other"),
        Case(String(repeating: "? ", count: 100_000), "1:65: more than 32 levels inside each other"),
        Case(
            (0..<40).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
            "33:33: more than 32 levels inside each other"
        ),
        Case(
            "offstage: 1\nname: " + String(repeating: "x", count: 1_048_576),
            "1:1: the file has 1048594 bytes; at most 1048576 are read"
        ),
    ]

    @Test(arguments: cases)
    func brokenYAMLIsAFaultWithItsPlace(_ test: Case) {
        #expect(Loading.faults(test.text) == test.faults)
    }

    static let notUTF8: [[UInt8]] = [
        [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82], [0x80],
    ]

    @Test(arguments: notUTF8)
    func bytesThatAreNoUTF8AreAFaultWithTheirPlace(_ bytes: [UInt8]) {
        #expect(
            Loading.faults(bytes: Array("offstage: 1\r\nname: äö".utf8) + bytes + [0x0a])
                == ["2:9: the file is not UTF-8 here"]
        )
    }

    @Test func anotherEncodingIsNoUTF8() {
        #expect(Loading.faults(bytes: [0xff, 0xfe, 0x61, 0x00]) == ["1:1: the file is not UTF-8 here"])
    }

    @Test func aliasesCannotGrowWithoutEnd() {
        var text = "offstage: 1\na: &a [x,x,x,x,x,x,x,x,x]\n"
        for (name, next) in zip("abcdefgh", "bcdefghi") {
            text += "\(next): &\(next) [" + [String](repeating: "*\(name)", count: 9).joined(separator: ",") + "]\n"
        }
        #expect(
            Loading.faults(text) == ["7:8: too many values, those that aliases repeat counted; none is read from here"]
        )
    }

    @Test func aliasesCannotRepeatALongTextWithoutEnd() {
        let text =
            "offstage: 1\na: &a \"" + String(repeating: "x", count: 100_000) + "\"\nb: ["
            + [String](repeating: "*a", count: 100).joined(separator: ", ") + "]\n"
        #expect(
            Loading.faults(text) == [
                "3:165: too many values, those that aliases repeat counted; none is read from here"
            ]
        )
    }

    @Test func aliasesCannotGoDeeperThanTheFileMay() {
        let text =
            "a: &a " + String(repeating: "[", count: 20) + String(repeating: "]", count: 20) + "\nb: "
            + String(repeating: "[", count: 20) + "*a" + String(repeating: "]", count: 20) + "\n"
        #expect(Loading.faults(text) == ["2:24: more than 32 levels inside each other"])
    }

    @Test func aliasesMeanWhatTheirAnchorsMean() throws {
        let text = Loading.fields("a: &short {type: text, max: 5}", "b: *short", "c: {type: choice, of: &words [x, y]}")
        let fields = try Loading.catalog(text).collections.first?.fields
        #expect(fields?.first?.kind == fields?.dropFirst().first?.kind)
    }

    @Test func aFaultBehindAnAliasIsToldOnce() {
        let text = Loading.fields("a: &short {type: text, max: 0}", "b: *short", "c: *short")
        #expect(Loading.faults(text) == ["5:35: expected a whole number from 1 to 1000000, found the number 0"])
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func linesMayEndInAnyWayAndAByteOrderMarkMayStandFirst(_ end: String) {
        let lines = ["\u{feff}offstage: 1", "name: x", "collections:", "  a:", "    fields: {b: tex}", ""]
        let faults = Loading.faults(lines.joined(separator: end))
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix("5:17: unknown type \"tex\"") == true)
    }

    @Test func manyEmptyValuesAreBounded() {
        let text = "offstage: 1\nname: [" + String(repeating: "[],", count: 300_000) + "]\n"
        #expect(Loading.faults(text).first?.contains("too many values") == true)
    }

    @Test(arguments: [
        "{", "\"", "'", "&a ", "*a ", "!", "%", "#", ": ", "|\n", ">", "? ", "a: ", "-", "\u{10ffff}", "\\",
    ])
    func repetitionsOfAnythingEndSoon(_ piece: String) {
        _ = Loading.faults(String(repeating: piece, count: 20_000))
        _ = Loading.faults("offstage: 1\nname: " + String(repeating: piece, count: 20_000))
    }
}
