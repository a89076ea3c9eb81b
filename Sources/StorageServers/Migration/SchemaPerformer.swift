package import OffstageSchema
package import OffstageStorage

/// Carries out actions, and sees which were carried out already.
struct SchemaPerformer<Driver: ServerDriver> {
    let driver: Driver
    let link: Driver.Link

    private var dialect: any ServerDialect { driver.dialect }

    /// Records that one step of a conversion reads at once.
    static var batch: Int { 1_000 }

    // MARK: Done already

    func isDone(_ action: SchemaAction) throws(StorageFailure) -> Bool {
        switch action {
        case .dropReference(let reference):
            try !hasReference(reference)
        case .dropIndex(let name, let table):
            try !hasIndex(name, table)
        case .dropTable(let name): try !hasTable(name)
        case .renameTable(let name, _): try !hasTable(name)
        case .createTable(let table): try hasTable(table.name)
        case .renameColumn(let column, _, let table): try !hasColumn(column.name, table)
        case .addColumn(let column, let table): try hasColumn(column.name, table)
        case .replaceColumn(_, let beside, _, let table): try !hasColumn(beside.name, table)
        case .dropColumn(let column, let table): try !hasColumn(column.name, table)
        case .createIndex(let index, let table): try hasIndex(index.name, table)
        case .createReference(let reference): try hasReference(reference)
        case .createLinks(let name): try hasTable(name)
        // Doing these again changes nothing.
        case .createSearch, .fill, .convert, .require, .fillLinks, .fillSearch: false
        }
    }

    private func stored(_ name: String) -> String { dialect.stored(name) }

    private func hasTable(_ name: String) throws(StorageFailure) -> Bool {
        try driver.tables(link).contains(stored(name))
    }

    private func hasIndex(_ name: String, _ table: String) throws(StorageFailure) -> Bool {
        guard try hasTable(table) else { return false }
        return try driver.indexes(of: stored(table), link).contains(name)
    }

    private func hasReference(_ reference: ServerReference) throws(StorageFailure) -> Bool {
        guard try hasTable(reference.table) else { return false }
        return try driver.references(of: stored(reference.table), link).contains(reference.name)
    }

    private func hasColumn(_ name: String, _ table: String) throws(StorageFailure) -> Bool {
        try driver.columns(of: stored(table), link)[stored(name)] != nil
    }

    // MARK: To be done

    func perform(_ action: SchemaAction) throws(StorageFailure) {
        switch action {
        case .dropReference(let reference): try link.run(dialect.dropReference(reference.name, of: reference.table))
        case .dropIndex(let name, let table): try link.run(dialect.dropIndex(name, of: table))
        case .dropTable(let name): try link.run("DROP TABLE \(SQL.Name(stored: name))")
        case .renameTable(let name, let new):
            try refuseStranger(called: new)
            try run(dialect.rename(name, to: new))
        case .createTable(let table): try link.run(dialect.create(table))
        case .renameColumn(let old, let new, let table): try run(dialect.rename(old, to: new, of: table))
        case .addColumn(let column, let table): try run(dialect.add(column, to: table))
        case .fill(let column, let table):
            let value = column.initialValue ?? column.emptyValue
            try link.run("UPDATE \(SQL.Name(stored: table)) SET \(SQL.Name(column)) = \(value)")
        case .convert(let old, let conversion, let beside, let table, let target):
            try convert(old, conversion, beside, table, target)
        case .replaceColumn(let old, let beside, let new, let table):
            try run(dialect.replace(old, by: beside, as: new, of: table))
        case .dropColumn(let column, let table): try run(dialect.drop(column, of: table))
        case .require(let column, let table): try run(dialect.require(column, of: table))
        case .createIndex(let index, _): try link.run(index.create)
        case .createReference(let reference): try link.run(reference.create)
        case .createLinks(let name): try run(dialect.createLinks(name))
        case .fillLinks(let name, let column, let table): try fillLinks(name, column, table)
        case .createSearch(let search):
            // What a killed migration left of it is made anew.
            for name in search.names where try hasTable(name) {
                try link.run("DROP TABLE \(SQL.Name(stored: name))")
            }
            try run(dialect.createSearch(search))
        case .fillSearch(let search, let table): try search.fill(table, driver.dialect, link)
        }
    }

    private func run(_ statements: [SQL]) throws(StorageFailure) {
        for statement in statements { try link.run(statement) }
    }

    private func refuseStranger(called name: String) throws(StorageFailure) {
        guard try hasTable(name) else { return }
        throw .refused(
            Failure(
                .conflict,
                "The database has a table \(name) already, which Offstage did not make. Rename or drop it first."
            )
        )
    }

    /// Fills one column with what the values of another become, some records at a time.
    private func convert(
        _ old: ColumnShape,
        _ conversion: ValueConversion,
        _ beside: ColumnShape,
        _ table: String,
        _ target: String?
    ) throws(StorageFailure) {
        let (name, id) = (SQL.Name(stored: table), SQL.Name("id"))
        let update = link.dialect.render(
            "UPDATE \(name) SET \(SQL.Name(beside)) = \(.null) WHERE \(id) = \(.null)"
        )
        try link.eachBatch(
            of: table,
            "\(SQL.Name(old))",
            Self.batch,
            read: { row throws(StorageFailure) in
                try row.value(1, as: old.type)
            }
        ) { id, value throws(StorageFailure) in
            let outcome = try conversion.convert(value) { wanted throws(StorageFailure) in
                guard let target else { return false }
                return try ServerStoredValues(connection: link).holds(wanted, in: target)
            }
            try link.run(update.binding([outcome.value, .identifier(id)]))
        }
    }

    private func fillLinks(_ name: String, _ column: ColumnShape, _ table: String) throws(StorageFailure) {
        let (links, records) = (SQL.Name(stored: name), SQL.Name(stored: table))
        let element = SQL.Name("_element")
        let elements = dialect.numberedElements(of: "\(records).\(SQL.Name(column))", as: element)
        try link.run("DELETE FROM \(links)")
        try link.run(
            """
            INSERT INTO \(links) (\(SQL.Name("record")), \(SQL.Name("position")), \(SQL.Name("target")))
            SELECT \(records).\(SQL.Name("id")), \(dialect.position(in: element)), \(element).\(SQL.Name("target"))
            FROM \(records) CROSS JOIN \(elements)
            """
        )
    }
}

extension Connection {
    /// Hands over the records of a table by their ids, read some at a time, so that other statements may run in between.
    ///
    /// - Parameter columns: what is read beside the id, from the second column on.
    package func eachBatch<Content>(
        of table: String,
        _ columns: SQL,
        _ count: Int,
        read: (any Row) throws(StorageFailure) -> Content,
        _ body: (Identifier, Content) throws(StorageFailure) -> Void
    ) throws(StorageFailure) {
        let (name, id) = (SQL.Name(stored: table), SQL.Name("id"))
        var last: Identifier?
        while true {
            let after: SQL = if let last { " WHERE \(id) > \(.identifier(last))" } else { "" }
            let page = try all(
                "SELECT \(id), \(columns) FROM \(name)\(after) ORDER BY \(id) LIMIT \(.integer(Int64(count)))"
            ) { row throws(StorageFailure) -> (Identifier, Content) in
                guard case .identifier(let id) = try row.value(0, as: .identifier) else {
                    throw .damaged("a record of \(table) has no id")
                }
                return (id, try read(row))
            }
            for (id, content) in page { try body(id, content) }
            guard page.count == count else { return }
            last = page.last?.0
        }
    }
}
