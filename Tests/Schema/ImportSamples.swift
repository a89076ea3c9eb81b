import OffstageSchema

/// A collection with a field of every kind, and rows in a form that tests compare.
enum ImportSamples {
    static let collection = Collection(
        name: "things",
        fields: [
            Field("name", .text(TextKind(max: 1_000_000))),
            Field("email", .email(EmailKind())),
            Field("url", .url(URLKind())),
            Field("stock", .integer(IntegerKind())),
            Field("weight", .number(NumberKind())),
            Field("price", .decimal(DecimalKind(digits: 18, scale: 4))),
            Field("on", .boolean(BooleanKind())),
            Field("day", .date(DateKind())),
            Field("at", .datetime(DateTimeKind())),
            Field("state", .choice(ChoiceKind(of: ["-draft", "=sum", "'", "''", "a,b"]))),
            Field("owner", .relation(RelationKind(to: "users"))),
            Field("details", .json(JSONKind())),
            Field("tags", .text(TextKind(max: 1_000_000)), many: true),
            Field("counts", .integer(IntegerKind()), many: true),
            Field("owners", .relation(RelationKind(to: "users")), many: true),
        ]
    )

    /// Texts alone, named a to h.
    static let letters = Collection(
        name: "letters",
        fields: "abcdefgh".map { Field(String($0), .text(TextKind(max: 1_000_000))) }
    )

    /// Rows as one text each: `2: a=1 b=nothing`, or `3: ! /b is not UTF-8`.
    static func rows(
        _ format: ImportFormat,
        _ chunks: [[UInt8]],
        for collection: Collection = letters,
        rowBytesMax: Int = RowReader.rowBytesMax
    ) -> [String] {
        var reader = RowReader(format, for: collection, rowBytesMax: rowBytesMax)
        var rows = chunks.flatMap { reader.feed($0) }
        rows += reader.finish()
        return rows.map(described)
    }

    static func rows(_ format: ImportFormat, _ text: String, for collection: Collection = letters) -> [String] {
        rows(format, [Array(text.utf8)], for: collection)
    }

    static func described(_ row: ImportedRow) -> String {
        switch row.content {
        case .success(let input):
            let members = input.members.map { "\($0.name)=\(described($0.content))" }
            return "\(row.line): " + members.joined(separator: " ")
        case .failure(let fault):
            return "\(row.line): ! " + (fault.pointer.isEmpty ? "" : fault.pointer + " ") + fault.message
        }
    }

    private static func described(_ content: Input.Content) -> String {
        switch content {
        case .texts(let texts): return texts.isEmpty ? "nothing" : texts.joined(separator: "|")
        case .json(let json):
            var writer = JSONWriter()
            writer.write(json)
            return String(decoding: writer.bytes, as: UTF8.self)
        }
    }
}
