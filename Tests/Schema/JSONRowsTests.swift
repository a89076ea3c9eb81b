import OffstageSchema
import Testing

@Suite struct NDJSONReaderTests {
    @Test(arguments: [
        ("{\"a\":1}\n{\"a\":\"x\"}\n", ["1: a=1", "2: a=\"x\""]),
        ("{\"a\":1}\r\n\r\n \t\n{\"b\":null,\"c\":[1]}", ["1: a=1", "4: b=null c=[1]"]),
        ("\u{feff}{}\n", ["1: "]), ("", []), ("\n\n", []),
        (
            "{\"a\":1}\n{\"a\":}\n[1]\n{\"a\":1,\"a\":2}\n{\"é\":x}\n{\"a\":2}\n",
            [
                "1: a=1", "2: ! is not JSON: a value cannot start here at column 6",
                "3: ! must be an object, not an array",
                "4: ! is not JSON: the name \"a\" stands twice at column 8",
                "5: ! is not JSON: a value cannot start here at column 6", "6: a=2",
            ]
        ),
        (
            "{\"a\":\n1}",
            [
                "1: ! is not JSON: a value is missing at column 6",
                "2: ! is not JSON: something follows the value at column 2",
            ]
        ),
    ])
    func reads(text: String, expected: [String]) {
        #expect(ImportSamples.rows(.ndjson, text) == expected)
    }

    @Test func passesOverALineThatIsTooLong() {
        let limit = 100
        let long = [UInt8](repeating: 0x20, count: limit + 1)
        let rows = ["1: a=1", "2: ! must be at most \(limit) bytes", "3: a=2"]
        let chunks = [Array("{\"a\":1}\n".utf8), long, Array("x\n{\"a\":2}".utf8)]
        #expect(ImportSamples.rows(.ndjson, chunks, rowBytesMax: limit) == rows)
        #expect(ImportSamples.rows(.ndjson, [Array(chunks.joined())], rowBytesMax: limit) == rows)
        #expect(ImportSamples.rows(.ndjson, [chunks[0], long], rowBytesMax: limit) == Array(rows.prefix(2)))
    }
}

@Suite struct JSONArrayReaderTests {
    @Test(arguments: [
        ("[]", []), (" [ \n ] \n", []), ("\u{feff}[{}]", ["1: "]),
        ("[{\"a\":1},{\"a\":\"],}\\\"{\"}]", ["1: a=1", "1: a=\"],}\\\"{\""]),
        ("[\n  {\n    \"a\": [1, {\"x\": 2}]\n  },\n\n  {\"b\": null}\n]\n", ["2: a=[1,{\"x\":2}]", "6: b=null"]),
        (
            "[1, {\"a\":1}, [2], \"x,]\", {\"a\":2}]",
            [
                "1: ! must be an object, not a number", "1: a=1", "1: ! must be an object, not an array",
                "1: ! must be an object, not a string", "1: a=2",
            ]
        ),
    ])
    func reads(text: String, expected: [String]) {
        #expect(ImportSamples.rows(.json, text) == expected)
    }

    @Test(arguments: [
        ("", ["1: ! must be one JSON array of objects (line 1, column 1)"]),
        ("\n {}", ["2: ! must be one JSON array of objects (line 2, column 2)"]),
        ("[", ["1: ! the array does not end (line 1, column 2)"]),
        ("[{\"a\":1},\n", ["1: a=1", "2: ! the array does not end (line 2, column 1)"]),
        ("[{\"a\":1}", ["1: a=1", "1: ! the array does not end (line 1, column 9)"]),
        ("[{\"a\":1},]", ["1: a=1", "1: ! a value is missing (line 1, column 10)"]),
        ("[,{}]", ["1: ! a value is missing (line 1, column 2)"]),
        ("[{}\n,,{}]", ["1: ", "2: ! a value is missing (line 2, column 2)"]),
        ("[{\"a\":\n  é}]", ["2: ! a value cannot start here (line 2, column 3)"]),
        ("[{\"é\":\"é\",é}]", ["1: ! a name in quotes is missing (line 1, column 11)"]),
        ("[{}] x", ["1: ", "1: ! something follows the array (line 1, column 6)"]),
        ("[{\"a\":1]}", ["1: ! a comma or } is missing (line 1, column 8)"]),
        ("[{} {}]", ["1: ! something follows the value (line 1, column 5)"]),
        ("[}]", ["1: ! a value cannot start here (line 1, column 2)"]),
        ("[{\"a\":\"x", ["1: ! a string does not end (line 1, column 9)"]),
        ("[{\"a\":1},{\"a\":1,\"a\":2},{}]", ["1: a=1", "1: ! the name \"a\" stands twice (line 1, column 17)"]),
    ])
    func saysWhereTheSyntaxBreaks(text: String, expected: [String]) {
        #expect(ImportSamples.rows(.json, text) == expected)
    }

    @Test func boundsElements() {
        let limit = 100
        let chunks = [Array("[{},\n{\"a\":\"".utf8), [UInt8](repeating: 0x61, count: limit), Array("\"},{}]".utf8)]
        let expected = ["1: ", "2: ! an element must be at most \(limit) bytes (line 2, column 1)"]
        #expect(ImportSamples.rows(.json, chunks, rowBytesMax: limit) == expected)
        #expect(ImportSamples.rows(.json, [Array(chunks.joined())], rowBytesMax: limit) == expected)
    }

    @Test func refusesElementsThatNestTooDeep() {
        let text = "[{\"a\":" + String(repeating: "[", count: 100_000)
        #expect(ImportSamples.rows(.json, text) == ["1: ! nested deeper than 64 levels (line 1, column 70)"])
    }
}
