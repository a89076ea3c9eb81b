import OffstageSchema
import Testing

@Suite struct CSVReaderTests {
    private static let files = Conformance.files("csv", ".csv")

    @Test(.enabled(if: !files.isEmpty, "the CSV suite is not there: set OFFSTAGE_CONFORMANCE"), arguments: files)
    func agreesWithTheConformanceSuite(file: String) throws {
        let bytes = try Conformance.bytes("csv", file)
        let header = String(decoding: bytes.prefix { $0 != 0x0a && $0 != 0x0d }, as: UTF8.self)
        let fields = header.split(separator: ",").map { Field(String($0), .text(TextKind())) }
        let collection = Collection(name: "suite", fields: fields)
        var reader = RowReader(.csv, for: collection)
        let rows = reader.feed(bytes) + reader.finish()
        let records = try rows.map { row in
            JSON.object(
                try row.content.get().members.map { member in
                    let field = try #require(collection.field(member.name))
                    guard case .text(let text) = try field.read(member.content) else {
                        return .init(member.name, .null)
                    }
                    return .init(member.name, .string(text))
                }
            )
        }
        switch try JSONParser.parse(Conformance.bytes("csv", String(file.dropLast(4)) + ".json")) {
        case .array(let expected): #expect(records == expected)
        case .object(let expected):
            // This file of the suite tells another telephone number than its CSV: its names count.
            guard case .object(let members)? = records.first, records.count == 1 else {
                Issue.record("\(file) has not one row")
                return
            }
            #expect(members.map(\.name) == expected.map(\.name))
            #expect(members.dropFirst() == expected.dropFirst())
        default: Issue.record("\(file) expects neither rows nor a row")
        }
    }

    @Test(arguments: [
        ("a,b\n1,2\n", ["2: a=1 b=2"]),
        ("a,b\r\n1,2\r\n3,4", ["2: a=1 b=2", "3: a=3 b=4"]),
        ("a,b\r1,2\r3,4\r", ["2: a=1 b=2", "3: a=3 b=4"]),
        ("\u{feff}a,b\n1,2", ["2: a=1 b=2"]),
        ("\n\r\n\ra,b\n\n1,2\r\n\r\n\r3,4\n\n", ["6: a=1 b=2", "9: a=3 b=4"]),
        ("a,b\n,\n\"\",\"\"\n", ["2: a=nothing b=nothing", "3: a=\"\" b=\"\""]),
        ("a\n\"\"\n\n1", ["2: a=\"\"", "4: a=1"]),
        ("a,b\n\"x\ny\r\nz\rw\",2\n3,4", ["2: a=x\ny\r\nz\rw b=2", "6: a=3 b=4"]),
        ("a,b\n\"x\"\"y\",\"\"\"\"\n", ["2: a=x\"y b=\""]),
        ("a,b\n5'7\"x,\"q\"", ["2: a=5'7\"x b=q"]),
        (" a ,\"b\"\n 1 , 2", ["2: a= 1  b= 2"]),
        ("a;b\n1,5;2", ["2: a=1,5 b=2"]),
        ("a\tb\n1;5\t2", ["2: a=1;5 b=2"]),
        ("a\n1;2\n", ["2: a=1;2"]),
        ("b,a\n1,2", ["2: b=1 a=2"]),
        ("id,a,version,created,updated\n1,2,3,4,5", ["2: id=1 a=2 version=3 created=4 updated=5"]),
        ("a\n", []), ("a", []), ("a,b\r\n", []),
        ("a,b\n'=1,'x\n''+,''x\n'',''''\n-1,'\n", ["2: a==1 b='x", "3: a='+ b='x", "4: a=' b='''", "5: a=-1 b='"]),
        ("a\n\"'\ty\"\n\"'\ny\"\n", ["2: a=\ty", "3: a=\ny"]),
    ])
    func reads(text: String, expected: [String]) {
        #expect(ImportSamples.rows(.csv, text) == expected)
    }

    @Test(arguments: [
        (
            "a,b\n1\n2,3\n4,5,6\n7,8",
            [
                "2: ! has 1 cell, and the header 2 columns", "3: a=2 b=3", "4: ! has 3 cells, and the header 2 columns",
                "5: a=7 b=8",
            ]
        ),
        ("a\n1,2", ["2: ! has 2 cells, and the header 1 column"]),
        ("a,b\n\"x\"y,2\n3,4", ["2: ! /a something follows the closing quote", "3: a=3 b=4"]),
        ("a,b\n1,2,\"x\" ", ["2: ! something follows the closing quote of cell 3"]),
        ("a,b\n1,\"x\n\ny\"z\n3,4", ["2: ! /b something follows the closing quote", "5: a=3 b=4"]),
        ("a,b\n1,\"x\n\n2,3\n", ["2: ! a quote opened in this line is not closed"]),
        ("a,b\n\"x\ny\",\"z\n\n2,3\n", ["3: ! a quote opened in this line is not closed"]),
        ("", ["1: ! there must be a header line with the names of the columns"]),
        ("\n\n", ["1: ! there must be a header line with the names of the columns"]),
        ("a,z\n1,2", ["1: ! /z the header names \"z\", which is no field"]),
        ("\n\na,b,a\n1,2,3", ["3: ! /a the header names \"a\" twice"]),
        ("a,,b\n1,2,3", ["1: ! column 2 of the header has no name"]),
        ("a,\"b\"c\n1,2", ["1: ! something follows the closing quote of column 2 of the header"]),
    ])
    func saysWhatIsWrongAndWhere(text: String, expected: [String]) {
        #expect(ImportSamples.rows(.csv, text) == expected)
    }

    @Test func refusesBytesThatAreNotUTF8() {
        let rows = ImportSamples.rows(.csv, [Array("a,b\n1,".utf8) + [0xff] + Array("\n3,é\n".utf8)])
        #expect(rows == ["2: ! /b is not UTF-8", "3: a=3 b=é"])
        #expect(ImportSamples.rows(.csv, [[0xff, 0xfe, 0x61, 0x00]]) == ["1: ! the header is not UTF-8"])
        // The start of a byte order mark alone.
        #expect(ImportSamples.rows(.csv, [[0xef], [0xbb]]) == ["1: ! the header is not UTF-8"])
    }

    @Test func readsCellsByTheirFields() throws {
        let text =
            "tags,counts,details,email,stock,state\n\"[\"\"a\"\",\"\"=b\"\"]\",\"[1,2]\",\"{\"\"a\"\":1}\",'+a@b.de,-5,'-draft\n[],,,,,\n\"\",\"\",\"\",\"\",\"\",\"\"\nred,1,x,,,\n"
        var reader = RowReader(.csv, for: ImportSamples.collection)
        let rows = reader.feed(text.utf8) + reader.finish()
        let values = try rows.map { row in
            try row.content.get().members.map { member -> String in
                let field = try #require(ImportSamples.collection.field(member.name))
                do throws(Fault) {
                    var writer = JSONWriter()
                    writer.write(try field.read(member.content))
                    return String(decoding: writer.bytes, as: UTF8.self)
                } catch {
                    return error.message
                }
            }
        }
        #expect(
            values == [
                [#"["a","=b"]"#, "[1,2]", #"{"a":1}"#, #""+a@b.de""#, "-5", #""-draft""#],
                ["[]", "[]", "null", "null", "null", "null"],
                ["[]", "[]", "null", "null", "null", "null"],
                [
                    "must be an array, not a string", "must be an array, not a number",
                    "must be JSON: a value cannot start here at byte 1", "null", "null", "null",
                ],
            ]
        )
    }

    @Test func boundsRowsAndColumns() {
        let limit = 100
        let tooLong = "! a row must be at most \(limit) bytes"
        let long = [UInt8](repeating: 0x61, count: limit)
        let files: [([[UInt8]], [String])] = [
            ([Array("a\n".utf8), long, long], ["2: " + tooLong]),
            ([Array("a\n1\n\"".utf8), long], ["2: a=1", "3: " + tooLong]),
            ([Array("a\n1\n".utf8), [UInt8](repeating: 0x2c, count: limit + 1)], ["2: a=1", "3: " + tooLong]),
            ([long, long], ["1: " + tooLong]),
            ([Array("a\n".utf8), long], ["2: a=" + String(decoding: long, as: UTF8.self)]),
        ]
        for (chunks, rows) in files {
            #expect(ImportSamples.rows(.csv, chunks, rowBytesMax: limit) == rows)
            #expect(ImportSamples.rows(.csv, [Array(chunks.joined())], rowBytesMax: limit) == rows)
        }
        let header = (0...RowReader.columnsMax).map { _ in "a" }.joined(separator: ",")
        #expect(ImportSamples.rows(.csv, header + "\n") == ["1: ! the header must have at most 2000 columns, not 2001"])
        let wide = "a\n" + String(repeating: ",", count: 5000) + "\n1"
        #expect(ImportSamples.rows(.csv, wide) == ["2: ! has 5001 cells, and the header 1 column", "3: a=1"])
    }

    @Test func showsOnlyTheStartOfAnUnknownName() {
        let start = "x" + String(repeating: "\u{301}", count: 63)
        let rows = ImportSamples.rows(.csv, start + String(repeating: "\u{301}", count: 10_000))
        #expect(rows == ["1: ! /\(start) the header names \"\(start)\", which is no field"])
    }

    @Test func staysStoppedAfterAFaultThatEndsTheReading() {
        var reader = RowReader(.csv, for: ImportSamples.letters)
        #expect(reader.feed("z\n1\n".utf8).count == 1)
        #expect(reader.hasStopped)
        #expect(reader.feed("a\n1\n".utf8).isEmpty)
        #expect(reader.finish().isEmpty)
    }
}
