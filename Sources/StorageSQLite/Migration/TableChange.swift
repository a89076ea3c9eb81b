import OffstageSchema
import OffstageStorage

/// One table's part of a migration, in stages: each is done for all tables before the next one begins.
struct TableChange {
    private let table: TableMigration
    private let connection: SQLiteConnection
    private let former: [String: TableShape]
    /// The table that keeps the converted values for the time of the transaction.
    private let conversions: SQL.Name
    private let isRebuilt: Bool

    init(
        _ table: TableMigration,
        number: Int,
        former: [String: TableShape],
        _ connection: SQLiteConnection
    ) throws(StorageFailure) {
        self.table = table
        self.connection = connection
        self.former = former
        conversions = SQL.Name(stored: "_converted_\(number)")
        isRebuilt = table.columns.contains(where: Self.needsRebuild)
        if isRebuilt, let old = table.old { try refuseStrangers(in: old) }
        if let new = table.new, table.old == nil || table.isRenamed { try refuseStranger(called: new.name) }
    }

    /// Whether SQLite can't make the change in the table that is there.
    private static func needsRebuild(_ column: ColumnMigration) -> Bool {
        switch (column.old, column.new) {
        case (nil, let added?): added.required && !added.isList
        case (_, nil): true
        case (let before?, let after?):
            column.rewritesValues || column.losesReference && !after.isList
                || TableDefinition.definition(before.named(after.name, reference: column.oldReference))
                    != TableDefinition.definition(after)
        }
    }

    /// A rebuild keeps what Offstage made. What somebody else added would be lost without a word.
    private func refuseStrangers(in old: TableShape) throws(StorageFailure) {
        let known = Set(["id", "created", "updated", "version"] + old.columns.map(\.name))
        let columns = try Introspection.columns(of: old.name, connection) ?? []
        let strangers =
            columns.filter { !known.contains($0) }.map { "the column \($0)" }
            + (try Introspection.triggers(of: old.name, connection)).map { "the trigger \($0)" }
        guard !strangers.isEmpty else { return }
        throw .refused(
            Failure(
                .conflict,
                "The table \(old.name) has \(strangers.joined(separator: ", ")), which Offstage did not make and which "
                    + "this change would lose. Drop it first."
            )
        )
    }

    private func refuseStranger(called name: String) throws(StorageFailure) {
        guard try Introspection.columns(of: name, connection) != nil else { return }
        throw .refused(
            Failure(
                .conflict,
                "The database has a table \(name) already, which Offstage did not make. Rename or drop it first."
            )
        )
    }

    private var isRelinked: Bool {
        table.isRenamed || isRebuilt || table.columns.contains { $0.isRenamed || $0.losesReference }
    }

    /// Whether the search is made from the records again: it goes by their rowids, which a rebuild gives anew.
    private var isSearchedAnew: Bool {
        isRelinked || table.old?.search != table.new?.search
    }

    // MARK: Stages

    /// Puts aside what the stored values become.
    func convertValues() throws(StorageFailure) {
        guard let old = table.old else { return }
        let converted = rewritten
        guard !converted.isEmpty else { return }
        let columns = converted.map { column -> SQL in "\(SQL.Name(column.new))" }
        try connection.run(
            "CREATE TABLE \(conversions) (\"id\" TEXT PRIMARY KEY NOT NULL, \(columns, separator: ", ")) WITHOUT ROWID"
        )
        let stored = SQLiteStoredValues(connection: connection)
        let rules = converted.map { column in
            (
                type: column.old.type,
                conversion: ValueConversion(from: column.old, to: column.new),
                target: column.new.reference.flatMap { former[$0] }
            )
        }
        let places = [SQL](repeating: "\(Value.null)", count: converted.count + 1)
        let insert = connection.dialect.render("INSERT INTO \(conversions) VALUES (\(places, separator: ", "))")
        let sources = converted.map { column -> SQL in "\(SQL.Name(column.old))" }
        let select = connection.dialect.render(
            "SELECT \"id\", \(sources, separator: ", ") FROM \(SQL.Name(table: old))"
        )
        try connection.rows(select) { row throws(StorageFailure) in
            var values: [Value] = [.text(row.text(0))]
            for (index, rule) in rules.enumerated() {
                let value = try row.value(index + 1, as: rule.type)
                let outcome = try rule.conversion.convert(value) { id throws(StorageFailure) in
                    guard let target = rule.target else { return false }
                    return try stored.holds(id, in: target)
                }
                values.append(outcome.value)
            }
            try connection.run(insert.binding(values))
            return true
        }
    }

    /// Drops what goes and what is made again from the rest: links and, where names change, indexes.
    func clearAway() throws(StorageFailure) {
        guard let old = table.old else { return }
        if table.new == nil || isRelinked {
            for link in old.linked {
                try connection.run("DROP TABLE \(SQL.Name(stored: old.links(of: link.column)))")
            }
            for index in try Introspection.indexes(of: old.name, connection) {
                try connection.run("DROP INDEX \(SQL.Name(stored: index))")
            }
        }
        if old.search != nil, table.new == nil || isSearchedAnew { try connection.run(SearchTable.drop(old)) }
        if table.new == nil { try connection.run("DROP TABLE \(SQL.Name(table: old))") }
    }

    /// Gives the table its name. References of other tables follow (SQLite rewrites them).
    func rename() throws(StorageFailure) {
        guard let old = table.old, let new = table.new, table.isRenamed else { return }
        try connection.run("ALTER TABLE \(SQL.Name(table: old)) RENAME TO \(SQL.Name(table: new))")
    }

    /// Makes the table, rebuilds it, or changes it in place.
    func reshape() throws(StorageFailure) {
        guard let new = table.new else { return }
        if table.old == nil {
            try connection.run(TableDefinition.create(new))
        } else if isRebuilt {
            try rebuild(new)
        } else {
            try alter(new)
        }
    }

    /// Makes the indexes that are not there, drops those that are no longer wanted, and makes links from the lists and
    /// the search from the texts.
    func index() throws(StorageFailure) {
        guard let new = table.new else { return }
        let wanted = TableDefinition.indexes(of: new)
        let found = try Introspection.indexes(of: new.name, connection)
        if let old = table.old {
            let made = Set(TableDefinition.indexes(of: old).map(\.name))
            for name in found where made.contains(name) && !wanted.contains(where: { $0.name == name }) {
                try connection.run("DROP INDEX \(SQL.Name(stored: name))")
            }
        }
        for index in wanted where !found.contains(index.name) { try connection.run(index.create) }
        for link in new.linked where isRelinked || isAdded(link.column) {
            for statement in TableDefinition.createLinks(link.column, of: new, to: link.target) {
                try connection.run(statement)
            }
            if table.old != nil { try connection.run(TableDefinition.fillLinks(link.column, of: new)) }
        }
        if let search = new.search, isSearchedAnew {
            try connection.run(SearchTable.create(search, of: new))
            if table.old != nil { try connection.run(SearchTable.fill(search, of: new)) }
        }
    }

    private func isAdded(_ column: ColumnShape) -> Bool {
        table.columns.contains { $0.old == nil && $0.new == column }
    }

    // MARK: In place

    private func alter(_ new: TableShape) throws(StorageFailure) {
        let name = SQL.Name(table: new)
        for column in table.columns {
            guard let before = column.old, let after = column.new, column.isRenamed else { continue }
            try connection.run("ALTER TABLE \(name) RENAME COLUMN \(SQL.Name(before)) TO \(SQL.Name(after))")
        }
        for column in table.columns where column.old == nil {
            guard let added = column.new else { continue }
            try connection.run("ALTER TABLE \(name) ADD COLUMN \(TableDefinition.definition(added))")
            guard let value = added.initialValue, value != added.emptyValue else { continue }
            try connection.run("UPDATE \(name) SET \(SQL.Name(added)) = \(value)")
        }
    }

    // MARK: Anew

    /// Makes the table under another name, copies all records, and lets it take the old one's place.
    private func rebuild(_ new: TableShape) throws(StorageFailure) {
        let name = SQL.Name(table: new)
        let rebuilt = SQL.Name(stored: "_rebuilt_\(new.name)")
        var targets = TableDefinition.ownNames
        var sources = targets.map { own -> SQL in "\(name).\(own)" }
        for column in table.columns {
            guard let after = column.new else { continue }
            targets.append("\(SQL.Name(after))")
            if column.old == nil {
                sources.append("\(after.initialValue ?? after.emptyValue)")
            } else if column.rewritesValues {
                sources.append("\(conversions).\(SQL.Name(after))")
            } else if let before = column.old {
                sources.append("\(name).\(SQL.Name(before))")
            }
        }
        var copy: SQL = """
            INSERT INTO \(rebuilt) (\(targets, separator: ", ")) SELECT \(sources, separator: ", ") FROM \(name)
            """
        let isConverted = !rewritten.isEmpty
        if isConverted { copy += " JOIN \(conversions) ON \(conversions).\"id\" = \(name).\"id\"" }
        try connection.run(TableDefinition.create(new, as: rebuilt.text))
        try connection.run(copy)
        try connection.run("DROP TABLE \(name)")
        try connection.run("ALTER TABLE \(rebuilt) RENAME TO \(name)")
        if isConverted { try connection.run("DROP TABLE \(conversions)") }
    }

    /// The columns whose values are converted.
    private var rewritten: [(old: ColumnShape, new: ColumnShape)] {
        table.columns.compactMap { column in
            guard let old = column.old, let new = column.new, column.rewritesValues else { return nil }
            return (old, new)
        }
    }
}

extension ColumnShape {
    /// The same column under another name and with another target of its reference.
    fileprivate func named(_ name: String, reference: String?) -> ColumnShape {
        ColumnShape(name: name, type: type, required: required, unique: unique, reference: reference)
    }
}
