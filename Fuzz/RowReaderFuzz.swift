/// Any bytes in any format: no reader traps, fields read every row, and cutting the bytes into chunks changes no row.
///
/// The first byte chooses the format, the second the size of the chunks; the rest is the file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRowReader(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    guard bytes.count > 2 else { return 0 }
    let format = ImportFormat.allCases[Int(bytes[0]) % ImportFormat.allCases.count]
    let file = Array(bytes.dropFirst(2))
    let whole = rows(format, file, chunkSize: file.count)
    let cut = rows(format, file, chunkSize: Int(bytes[1]) % 16 + 1)
    guard whole == cut else { fatalError("rows depend on where chunks end") }
    return 0
}

private let collection = Collection(
    name: "things",
    fields: [
        Field("a", .text(TextKind())), Field("b", .email(EmailKind())), Field("c", .url(URLKind())),
        Field("d", .integer(IntegerKind())),
        Field("e", .number(NumberKind())), Field("f", .decimal(DecimalKind(digits: 18, scale: 4))),
        Field("g", .date(DateKind())),
        Field("h", .datetime(DateTimeKind())), Field("i", .choice(ChoiceKind(of: ["x", "y"]))),
        Field("j", .json(JSONKind())),
        Field("k", .text(TextKind()), many: true), Field("l", .relation(RelationKind(to: "things"))),
        Field("m", .boolean(BooleanKind())),
    ]
)

/// The rows as texts. The limit is low, so that the fuzzer reaches it.
private func rows(_ format: ImportFormat, _ file: [UInt8], chunkSize: Int) -> [String] {
    var reader = RowReader(format, for: collection, rowBytesMax: 512)
    var rows: [ImportedRow] = []
    var next = 0
    while next < file.count {
        let end = min(next + chunkSize, file.count)
        rows += reader.feed(file[next..<end])
        next = end
    }
    rows += reader.finish()
    return rows.map { row in
        switch row.content {
        case .failure(let fault): return "\(row.line) \(fault)"
        case .success(let input):
            let values = input.members.map { member -> String in
                guard let field = collection.field(member.name) else { return "\(member)" }
                return "\(member.name) \(Result { try field.read(member.content) })"
            }
            return "\(row.line) \(values)"
        }
    }
}
