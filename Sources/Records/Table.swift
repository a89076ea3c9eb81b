import OffstageSchema
import OffstageStorage

/// The statements that a collection needs again and again, rendered once for its engine.
///
/// A class, since every request takes one: handing it on costs a reference.
final class Table: Sendable {
    let collection: Collection
    let dialect: any Dialect
    /// Of the fields, in their order.
    let types: [ColumnType]
    /// All columns, as `read(_:)` expects them.
    let columns: SQL
    /// One binding: the id.
    let selectByID: Statement
    /// The same of a record that is about to be changed.
    let selectToChange: Statement
    /// Bindings: id, created, updated, version, then the fields.
    let insert: Statement
    /// Bindings: updated, version, then the fields, then the id and the version it must have.
    let update: Statement
    /// One binding: the id.
    let delete: Statement
    /// An entry of the journal. Bindings: transaction, at, actor, collection, record, version, kind, before, after.
    let journal: Statement
    let lists = ListStatements()
    /// Of reads by id, for each condition without its values.
    let reads = RenderedStatements<SQL>()
    /// What a record is as the interface shows it, and with all of its fields, as the journal keeps it. Made once: the
    /// names of the members take longer to write than the values.
    let shown: RecordJSON
    let whole: RecordJSON
    /// The fields whose values are ids kept in a table of links.
    let links: [Links]
    /// The texts that its search looks into, where the database has to be told of them.
    let search: SearchTexts?

    init(_ collection: Collection, dialect: any Dialect) {
        self.collection = collection
        self.dialect = dialect
        types = collection.fields.map(ColumnType.init)
        shown = RecordJSON(collection)
        whole = RecordJSON(collection, hidden: true)
        let table = SQL.Name(collection)
        let fields = collection.fields.map { field in SQL("\(SQL.Name(field))") }
        let columns = SQL(
            "\([SQL("\(SQL.Name("id"))"), SQL("\(SQL.Name("created"))"), SQL("\(SQL.Name("updated"))"), SQL("\(SQL.Name("version"))")] + fields, separator: ", ")"
        )
        self.columns = columns
        let select: SQL = "SELECT \(columns) FROM \(table) WHERE \(SQL.Name("id")) = \(Value.null)"
        selectByID = dialect.numbered(select)
        selectToChange = dialect.numbered(select + dialect.lockingRead)
        let placeholders = [SQL](repeating: SQL("\(Value.null)"), count: fields.count + 4)
        insert = dialect.numbered("INSERT INTO \(table) (\(columns)) VALUES (\(placeholders, separator: ", "))")
        let settings =
            [SQL("\(SQL.Name("updated")) = \(Value.null)"), SQL("\(SQL.Name("version")) = \(Value.null)")]
            + collection.fields.map { SQL("\(SQL.Name($0)) = \(Value.null)") }
        update = dialect.numbered(
            "UPDATE \(table) SET \(settings, separator: ", ") WHERE \(SQL.Name("id")) = \(Value.null) AND \(SQL.Name("version")) = \(Value.null)"
        )
        delete = dialect.numbered("DELETE FROM \(table) WHERE \(SQL.Name("id")) = \(Value.null)")
        journal = dialect.numbered(Journal.insert)
        links = collection.fields.enumerated().compactMap { position, field in
            guard case .relation = field.kind, field.many else { return nil }
            return Links(collection: collection, field: field, position: position, dialect: dialect)
        }
        search = SearchTexts(collection, dialect: dialect)
    }

    /// The record that a row of `columns` holds.
    func read(_ row: any Row) throws(StorageFailure) -> Record {
        guard case .identifier(let id) = try row.value(0, as: .identifier) else {
            throw .damaged("a record of \(collection.name) has no id")
        }
        var values: [Value] = []
        values.reserveCapacity(types.count)
        for (index, type) in types.enumerated() {
            values.append(try row.value(index + 4, as: type))
        }
        return Record(
            id: id,
            created: Timestamp(milliseconds: row.integer(1)),
            updated: Timestamp(milliseconds: row.integer(2)),
            version: row.integer(3),
            values: values
        )
    }

    func record(_ id: Identifier, _ connection: any Connection) throws(StorageFailure) -> Record? {
        try connection.first(selectByID.binding([.identifier(id)])) { row throws(StorageFailure) in try read(row) }
    }
}

/// The table of links of a `many` relation: what the database checks as foreign keys, and finds the pointing records by.
struct Links: Sendable {
    let position: Int
    private let insert: Statement
    private let clear: Statement

    init(collection: Collection, field: Field, position: Int, dialect: any Dialect) {
        self.position = position
        let table = SQL.Name(links: field, of: collection)
        insert = dialect.numbered(
            "INSERT INTO \(table) (\(SQL.Name("record")), \(SQL.Name("position")), \(SQL.Name("target"))) VALUES (\(Value.null), \(Value.null), \(Value.null))"
        )
        clear = dialect.numbered("DELETE FROM \(table) WHERE \(SQL.Name("record")) = \(Value.null)")
    }

    /// Makes the links of a record those of its value.
    func write(_ value: Value, of id: Identifier, isNew: Bool, _ connection: any Connection) throws(StorageFailure) {
        if !isNew { try connection.run(clear.binding([.identifier(id)])) }
        guard case .list(let targets) = value else { return }
        for (index, target) in targets.enumerated() {
            try connection.run(insert.binding([.identifier(id), .integer(Int64(index)), target]))
        }
    }
}
