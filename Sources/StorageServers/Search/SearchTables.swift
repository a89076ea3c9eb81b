import OffstageSchema
package import OffstageStorage

/// The search of a collection on a server: a table of the words of each record, and a table that finds records by a word or
/// its beginning. Both are kept in the transaction that writes the record.
///
/// The servers' own full-text searches take words apart in other ways than each other and than SQLite's, leave out
/// short and common ones, and one of them does not see what its own transaction wrote. Here the words are made by the
/// program, so that a search finds the same records in the same order on every engine.
package struct SearchTables: Sendable {
    package let collection: String
    /// The fields that it looks into, in their order.
    package let fields: [String]

    package init(_ table: TableShape) {
        collection = table.name
        fields = table.search ?? []
    }

    init(_ collection: Collection) {
        self.collection = collection.name
        fields = collection.search
    }

    /// One row a record: its id, and for each field its words and their number.
    package var texts: SQL.Name { SQL.Name(stored: textsName) }
    /// One row for each word of a record.
    package var words: SQL.Name { SQL.Name(stored: wordsName) }

    private var textsName: String { "_search(\(collection))" }
    private var wordsName: String { "_words(\(collection))" }

    package var names: [String] { [textsName, wordsName] }

    /// The words of a field, each between blanks of its own, so that one that follows itself counts twice.
    package static func column(_ field: String) -> SQL.Name { SQL.Name(stored: "_" + field) }
    /// How many words that are.
    package static func count(_ field: String) -> SQL.Name { SQL.Name(stored: field + "~words") }

    /// Characters of a word by which records are found; what is longer is told apart by the words themselves.
    package static let keyCharacters = 64

    // MARK: Keeping

    static func joined(_ words: [String]) -> String {
        words.map { " \($0) " }.joined()
    }

    static func keys(_ words: [[String]]) -> [String] {
        Set(words.flatMap(\.self).map { String(String.UnicodeScalarView($0.unicodeScalars.prefix(keyCharacters))) })
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    func upkeep(_ dialect: some SearchDialect & ExpressionDialect) -> SearchUpkeep {
        let id = SQL.Name("record")
        let columns = fields.flatMap { [SQL("\(Self.column($0))"), SQL("\(Self.count($0))")] }
        let places = [SQL](repeating: "\(Value.null)", count: columns.count + 1)
        let element = SQL.Name("_element")
        let elements = dialect.elements(of: "\(Value.list([]))", holding: .text, as: element)
        let word: SQL = "\(element).\(dialect.elementColumn)"
        let clear: [SearchUpkeep.Step] = [texts, words].map { table in
            SearchUpkeep.Step("DELETE FROM \(table) WHERE \(id) = \(.null)") { [$1] }
        }
        let recordID = dialect.idBinding
        let insert = [
            SearchUpkeep.Step(
                "INSERT INTO \(texts) (\(columns, separator: ", "), \(id)) VALUES (\(places, separator: ", "))"
            ) { texts, id in Self.bindings(texts) + [id] },
            SearchUpkeep.Step(
                "INSERT INTO \(words) (\(SQL.Name("word")), \(id)) SELECT \(word), \(recordID) FROM \(elements)"
            ) {
                texts,
                id in
                let keys = Value.list(Self.keys(texts.map(Self.words)).map(Value.text))
                return [id, keys]
            },
        ]
        return SearchUpkeep(insert: insert, update: clear + insert, delete: clear)
    }

    private static func words(_ text: Value) -> [String] {
        if case .text(let text) = text { SearchWords.words(of: text) } else { [] }
    }

    private static func bindings(_ texts: [Value]) -> [Value] {
        texts.flatMap { text -> [Value] in
            let words = words(text)
            return [.text(joined(words)), .integer(Int64(words.count))]
        }
    }

    /// Makes both tables anew from the records that are there.
    func fill(_ table: TableShape, _ dialect: any ServerDialect, _ link: any Connection) throws(StorageFailure) {
        try link.run("DELETE FROM \(words)")
        try link.run("DELETE FROM \(texts)")
        let steps = upkeep(dialect).insert.map { (link.dialect.render($0.statement), $0.bindings) }
        let columns = fields.compactMap(table.column)
        let names = columns.map { SQL("\(SQL.Name($0))") }
        try link.eachBatch(
            of: table.name,
            "\(names, separator: ", ")",
            500,
            read: { row throws(StorageFailure) in
                var texts: [Value] = []
                for (place, column) in columns.enumerated() {
                    let value = try row.value(place + 1, as: column.type)
                    guard case .list(let elements) = value else {
                        texts.append(value)
                        continue
                    }
                    let lines = elements.compactMap { if case .text(let text) = $0 { text } else { nil } }
                    texts.append(.text(lines.joined(separator: "\n")))
                }
                return texts
            }
        ) { id, texts throws(StorageFailure) in
            for (statement, bindings) in steps { try link.run(statement.binding(bindings(texts, .identifier(id)))) }
        }
    }
}

extension ExpressionDialect {
    /// A place for an id in a query that has no column to take its type from.
    var idBinding: SQL { identifier("\(Value.null)") }
}
