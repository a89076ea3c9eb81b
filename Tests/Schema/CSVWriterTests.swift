import OffstageSchema
import Testing

@Suite struct CSVWriterTests {
    private let collection = ImportSamples.collection

    private func written(_ records: [Record], _ columns: [CSVWriter.Column]? = nil) -> String {
        var writer = CSVWriter(columns ?? CSVWriter.columns(of: collection), of: collection)
        writer.writeHeader()
        for record in records { writer.write(record) }
        return String(decoding: writer.takeBytes(), as: UTF8.self)
    }

    private func record(_ values: [Value]) -> Record {
        Record(
            id: Identifier(high: 1, low: 2),
            created: Timestamp(milliseconds: 0),
            updated: Timestamp(milliseconds: 1),
            version: 3,
            values: values
        )
    }

    @Test func writesEveryKindAsTheRecordShowsIt() {
        let values: [Value] = [
            .text("A, \"b\""), .text("+a@b.de"), .null, .integer(-5), .number(1e20),
            .decimal(Decimal(unscaled: -125_000, scale: 4)), .boolean(true),
            .date(CalendarDate(days: 0)), .datetime(Timestamp(milliseconds: 5)), .text("=sum"),
            .identifier(Identifier(high: 0, low: 1)),
            .json(.object([.init("a", .number("1.0"))])), .list([.text("x"), .text("=y")]), .list([]), .null,
        ]
        let header =
            "id,name,email,url,stock,weight,price,on,day,at,state,owner,details,tags,counts,owners,created,updated,version\r\n"
        let row =
            "00000000-0000-0001-0000-000000000002,\"A, \"\"b\"\"\",'+a@b.de,,-5,1e+20,-12.5000,true,1970-01-01,1970-01-01T00:00:00.005Z,'=sum,"
            + "00000000-0000-0000-0000-000000000001,\"{\"\"a\"\":1.0}\",\"[\"\"x\"\",\"\"=y\"\"]\",[],,"
            + "1970-01-01T00:00:00.000Z,1970-01-01T00:00:00.001Z,3\r\n"
        #expect(written([record(values)]) == header + row)
    }

    @Test(arguments: [
        ("", "\"\""), ("a", "a"), (" a", "\" a\""), ("a ", "\"a \""), ("a b", "a b"), ("a,b", "\"a,b\""),
        ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""),
        ("\r", "\"'\r\""), ("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\ta", "\"'\ta\""), ("'", "'"),
        ("'a", "'a"), ("''", "'''"),
        ("'=", "''="), ("'\"", "\"'\"\"\""), ("=\"a\"", "\"'=\"\"a\"\"\""), ("a=1", "a=1"), ("é;x", "\"é;x\""),
    ])
    func writesTexts(text: String, cell: String) {
        #expect(written([record([.text(text)])], [.field(0)]) == "name\r\n\(cell)\r\n")
    }

    @Test func choosesColumns() {
        let hidden = Collection(
            name: "h",
            fields: [Field("a", .text(TextKind())), Field("b", .text(TextKind()), readable: false)]
        )
        #expect(CSVWriter.columns(of: hidden) == [.id, .field(0), .created, .updated, .version])
        #expect(
            CSVWriter.columns(of: hidden) { _ in true } == [.id, .field(0), .field(1), .created, .updated, .version]
        )
        #expect(
            written([record([.text("x")])], [.version, .field(0), .field(7), .field(99)])
                == "version,name,day,\"\"\r\n3,x,,\r\n"
        )
    }

    @Test(arguments: UInt64(0)..<100) func whatIsExportedImportsExactly(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        let records = (0..<20).map { _ in record(values(&numbers)) }
        var reader = RowReader(.csv, for: collection)
        let rows = reader.feed(written(records).utf8) + reader.finish()
        #expect(rows.count == records.count)
        for (row, record) in zip(rows, records) {
            let input = try row.content.get()
            #expect(input.members.count == collection.fields.count + 4)
            for member in input.members {
                guard let position = collection.position(of: member.name) else { continue }
                let value = try collection.fields[position].read(member.content)
                #expect(shown(value) == shown(record.values[position]))
            }
        }
    }

    /// Bytes, since texts in different Unicode forms are equal.
    private func shown(_ value: Value) -> [UInt8] {
        var writer = JSONWriter()
        writer.write(value)
        return writer.bytes
    }

    private func values(_ numbers: inout SeededNumbers) -> [Value] {
        let texts = (0..<4).map { _ in NormalizedText.nfc(numbers.text()) }
        let values: [Value] = [
            .text(texts[0]),
            .text(
                ["a@b.de", "+a@b.de", "=a@b.de", "-@x.y", "'a@b.de", "''=@b.de"].randomElement(using: &numbers) ?? ""
            ),
            .text("https://example.org/?a=\",'"),
            .integer(.random(in: -9_007_199_254_740_991...9_007_199_254_740_991, using: &numbers)),
            .number(Double.random(in: -1e6...1e6, using: &numbers)),
            .decimal(Decimal(unscaled: .random(in: -99_999_999...99_999_999, using: &numbers), scale: 4)),
            .boolean(.random(using: &numbers)),
            .date(CalendarDate(days: .random(in: -700_000...2_900_000, using: &numbers))),
            .datetime(Timestamp(milliseconds: .random(in: -62_135_596_800_000...253_402_300_799_999, using: &numbers))),
            .text(["-draft", "=sum", "'", "''", "a,b"].randomElement(using: &numbers) ?? ""),
            .identifier(Identifier(high: numbers.next(), low: numbers.next())),
            .json(
                [.string(texts[1]), .number("-1.50"), .boolean(false), .array([.string(texts[2])]), .object([])]
                    .randomElement(using: &numbers) ?? .null
            ),
            .list([.text("x" + texts[2]), .text(texts[3])]), .list([.integer(-1)]),
            .list([.identifier(Identifier(high: 1, low: numbers.next()))]),
        ]
        return zip(values, collection.fields).map { Int.random(in: 0...5, using: &numbers) == 0 ? $1.emptyValue : $0 }
    }
}
