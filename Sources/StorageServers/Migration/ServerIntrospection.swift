import OffstageSchema
import OffstageStorage

/// Finds what a database lacks, or has in another way than Offstage made it: another program changed it.
enum ServerIntrospection {
    /// - Throws: `.damaged`, with all that differs.
    static func check<Driver: ServerDriver>(
        _ shapes: [TableShape],
        _ driver: Driver,
        _ link: Driver.Link
    ) throws(StorageFailure) {
        let dialect = driver.dialect
        let tables = try driver.tables(link)
        var faults: [String] = []
        for table in shapes {
            guard tables.contains(dialect.stored(table.name)) else {
                faults.append("it lacks the table \(table.name)")
                continue
            }
            faults += try columns(of: table, driver, link)
            let indexes = try driver.indexes(of: dialect.stored(table.name), link)
            for index in dialect.indexes(of: table) where !indexes.contains(index.name) {
                faults.append("it lacks the index \(index.name)")
            }
            let references = try driver.references(of: dialect.stored(table.name), link)
            for reference in dialect.references(of: table) where !references.contains(reference.name) {
                faults.append("it lacks the foreign key of \(table.name).\(reference.column)")
            }
            let others =
                table.linked.map { table.links(of: $0.column) } + (table.search == nil ? [] : SearchTables(table).names)
            for name in others where !tables.contains(dialect.stored(name)) {
                faults.append("it lacks the table \(name)")
            }
        }
        guard !faults.isEmpty else { return }
        throw .damaged(
            "\(faults.joined(separator: ", ")): another program changed what Offstage made. "
                + "Put it back, or restore a backup"
        )
    }

    private static func columns<Driver: ServerDriver>(
        of table: TableShape,
        _ driver: Driver,
        _ link: Driver.Link
    ) throws(StorageFailure) -> [String] {
        let dialect = driver.dialect
        let found = try driver.columns(of: dialect.stored(table.name), link)
        let wanted = dialect.ownTypes + table.columns.map { ($0.name, dialect.type(of: $0)) }
        return wanted.compactMap { name, type in
            guard let other = found[dialect.stored(name)] else { return "it lacks the column \(table.name).\(name)" }
            return other == type ? nil : "the column \(table.name).\(name) is \(other) and not \(type)"
        }
    }
}
