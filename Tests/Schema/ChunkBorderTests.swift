import OffstageSchema
import Testing

/// How a file is cut into chunks changes nothing about its rows.
@Suite struct ChunkBorderTests {
    private static let inputs: [(ImportFormat, String)] = [
        (.csv, "\u{feff}a,b,c\r\n1,\"x\r\ny\"\"z\",3\r\n\r\né,👩‍👩‍👧,\"\"\r\"q\"x,2,3\n1,2\n'=1,5\"7,\"\n\"\n,,"),
        (.csv, "\r\n\n\ra;\"b\";c\r1;2;3\r\n\"open\n4;5"), (.csv, "a\tb\n1\t2\r\n\"x\"\"\""), (.csv, "\u{feff}z,a\n1"),
        (.ndjson, "\u{feff}{\"a\":\"é\\n\"}\r\n\n[1]\n{\"a\":}\n{\"b\":{\"c\":[1,2]}}\r\n{\"a\":1}"),
        (.json, "\u{feff}[ {\"a\":\"é],\\\"\\\\\"} ,\n{\"b\":{\"c\":[1,\n2]}}, 5, {}\n]\n"),
        (.json, "[{\"a\":1},\n {\"a\":\"é\", x}]"), (.json, "[{}] ["),
    ]

    @Test(arguments: inputs) func rowsAreTheSameForEveryCutInTwo(format: ImportFormat, text: String) {
        let bytes = Array(text.utf8)
        let whole = ImportSamples.rows(format, [bytes])
        #expect(!whole.isEmpty)
        for cut in 0...bytes.count {
            #expect(ImportSamples.rows(format, [Array(bytes[..<cut]), Array(bytes[cut...])]) == whole, "cut at \(cut)")
        }
    }

    @Test(arguments: inputs) func rowsAreTheSameForEveryCutInThree(format: ImportFormat, text: String) {
        let bytes = Array(text.utf8)
        let whole = ImportSamples.rows(format, [bytes])
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let chunks = [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])]
                guard ImportSamples.rows(format, chunks) != whole else { continue }
                Issue.record("cut at \(first) and \(second)")
                return
            }
        }
    }

    @Test(arguments: inputs) func rowsAreTheSameByteForByte(format: ImportFormat, text: String) {
        let bytes = Array(text.utf8)
        #expect(ImportSamples.rows(format, bytes.map { [$0] }) == ImportSamples.rows(format, [bytes]))
    }
}

@Suite struct ImportFormatTests {
    @Test(arguments: [
        ("a.csv", ImportFormat.csv), ("A.CSV", .csv), ("a.b.ndjson", .ndjson), ("a.jsonl", .ndjson), ("a.json", .json),
        ("a.tsv", .csv), ("a", nil), ("a.", nil),
        ("a.csv.gz", nil), ("", nil),
    ])
    func isKnownByTheEndingOfAFileName(name: String, format: ImportFormat?) {
        #expect(ImportFormat(fileName: name) == format)
    }

    @Test(arguments: [
        ("text/csv", ImportFormat.csv), ("Text/CSV; charset=utf-8", .csv), ("application/x-ndjson", .ndjson),
        ("application/json ; charset=utf-8", .json),
        ("application/jsonl", .ndjson), ("text/plain", nil), ("", nil), ("text/csvx", nil),
    ])
    func isKnownByItsMediaType(type: String, format: ImportFormat?) {
        #expect(ImportFormat(mediaType: type) == format)
    }

    @Test(arguments: ImportFormat.allCases) func isKnownByItsOwnMediaType(format: ImportFormat) {
        #expect(ImportFormat(mediaType: format.mediaType) == format)
    }
}
