import OffstageStorage

/// One change of a database's definitions or values, small enough that a killed migration can go on with it: doing it again
/// does no harm, or it can be seen that it was done.
enum SchemaAction {
    case dropReference(ServerReference)
    case dropIndex(String, table: String)
    case dropTable(String)
    case renameTable(String, to: String)
    case createTable(TableShape)
    case renameColumn(ColumnShape, to: ColumnShape, table: String)
    case addColumn(ColumnShape, table: String)
    /// Gives every record the column's default.
    case fill(ColumnShape, table: String)
    /// Fills the second column, which is beside the first one, with what its values become.
    case convert(ColumnShape, ValueConversion, into: ColumnShape, table: String, target: String?)
    case replaceColumn(ColumnShape, by: ColumnShape, as: ColumnShape, table: String)
    case dropColumn(ColumnShape, table: String)
    case require(ColumnShape, table: String)
    case createIndex(ServerIndex, table: String)
    case createReference(ServerReference)
    case createLinks(String)
    case fillLinks(String, column: ColumnShape, table: String)
    case createSearch(SearchTables)
    case fillSearch(SearchTables, TableShape)
}

/// The actions of a plan, in an order that is sound: what others hang on goes first, values are changed next, and what hangs
/// on the result is made last. The same plan gives the same actions, so a number tells how far one is.
struct SchemaActions {
    private(set) var all: [SchemaAction] = []
    private let dialect: any ServerDialect

    init(_ plan: MigrationPlan, _ dialect: any ServerDialect) {
        self.dialect = dialect
        for table in plan.tables { takeApart(table) }
        for table in plan.tables {
            if let old = table.old, let new = table.new, table.isRenamed {
                all.append(.renameTable(old.name, to: new.name))
            }
        }
        for table in plan.tables {
            if let new = table.new, table.old == nil { all.append(.createTable(new)) }
        }
        for table in plan.tables where table.old != nil {
            if let new = table.new { reshape(table, new) }
        }
        for table in plan.tables {
            if let old = table.old, table.new == nil { all.append(.dropTable(old.name)) }
        }
        for table in plan.tables { putTogether(table) }
    }

    /// What hangs on tables that were made and filled before.
    init(filled shapes: [TableShape], _ dialect: any ServerDialect) {
        self.dialect = dialect
        for table in shapes {
            for index in dialect.indexes(of: table) { all.append(.createIndex(index, table: table.name)) }
            for reference in dialect.references(of: table) { all.append(.createReference(reference)) }
        }
        for table in shapes {
            for link in table.linked {
                let name = table.links(of: link.column)
                all.append(.createLinks(name))
                all.append(.fillLinks(name, column: link.column, table: table.name))
                all += dialect.references(ofLinks: name, of: table.name, to: link.target).map { .createReference($0) }
            }
            guard table.search != nil else { continue }
            all.append(.createSearch(SearchTables(table)))
            all.append(.fillSearch(SearchTables(table), table))
        }
    }

    // MARK: What hangs on tables

    /// Drops what goes, and what is made again since a name or a column that it goes by changes.
    private mutating func takeApart(_ table: TableMigration) {
        guard let old = table.old else { return }
        for link in old.linked where isRelinked(link.column, table) {
            let name = old.links(of: link.column)
            for reference in dialect.references(ofLinks: name, of: old.name, to: link.target) {
                all.append(.dropReference(reference))
            }
            all.append(.dropTable(name))
        }
        if old.search != nil, isSearchedAnew(table) {
            for name in SearchTables(old).names { all.append(.dropTable(name)) }
        }
        let changed = changedColumns(table)
        let wanted = table.new.map { dialect.references(of: $0).map(\.name) } ?? []
        for reference in dialect.references(of: old)
        where table.isRenamed || changed.contains(reference.column) || !wanted.contains(reference.name) {
            all.append(.dropReference(reference))
        }
        guard let new = table.new else { return }
        let indexes = dialect.indexes(of: new).map(\.name)
        for index in dialect.indexes(of: old)
        where table.isRenamed || !changed.isDisjoint(with: index.columns) || !indexes.contains(index.name) {
            all.append(.dropIndex(index.name, table: old.name))
        }
    }

    /// The old names of columns that become another column.
    private func changedColumns(_ table: TableMigration) -> Set<String> {
        var changed: Set<String> = []
        for column in table.columns {
            guard let old = column.old else { continue }
            guard let new = column.new else {
                changed.insert(old.name)
                continue
            }
            let isRetyped = dialect.type(of: old) != dialect.type(of: new)
            if column.isRenamed || column.rewritesValues || isRetyped || column.losesReference {
                changed.insert(old.name)
            }
        }
        return changed
    }

    private func isRelinked(_ column: ColumnShape, _ table: TableMigration) -> Bool {
        table.new == nil || table.isRenamed || changedColumns(table).contains(column.name)
    }

    private func isSearchedAnew(_ table: TableMigration) -> Bool {
        guard let old = table.old, let new = table.new else { return true }
        let changed = changedColumns(table)
        return table.isRenamed || old.search != new.search || !changed.isDisjoint(with: old.search ?? [])
    }

    private mutating func putTogether(_ table: TableMigration) {
        guard let new = table.new else { return }
        for index in dialect.indexes(of: new) { all.append(.createIndex(index, table: new.name)) }
        for reference in dialect.references(of: new) { all.append(.createReference(reference)) }
        for link in new.linked {
            let name = new.links(of: link.column)
            let old = table.columns.first { $0.new == link.column }?.old
            let isNew = table.old == nil || old == nil || old?.reference == nil || old?.isList != true
            if isNew || old.map({ isRelinked($0, table) }) ?? true {
                all.append(.createLinks(name))
                if table.old != nil { all.append(.fillLinks(name, column: link.column, table: new.name)) }
            }
            for reference in dialect.references(ofLinks: name, of: new.name, to: link.target) {
                all.append(.createReference(reference))
            }
        }
        if new.search != nil, isSearchedAnew(table) {
            let search = SearchTables(new)
            all.append(.createSearch(search))
            if table.old != nil { all.append(.fillSearch(search, new)) }
        }
    }

    // MARK: Columns

    private mutating func reshape(_ table: TableMigration, _ new: TableShape) {
        for column in table.columns {
            guard let old = column.old, let after = column.new, column.isRenamed, !isConverted(column) else { continue }
            all.append(.renameColumn(old, to: after, table: new.name))
        }
        for column in table.columns where isConverted(column) {
            guard let old = column.old, let after = column.new else { continue }
            let beside = after.named("\(after.name)~new")
            all.append(.addColumn(beside, table: new.name))
            let conversion = ValueConversion(from: old, to: after)
            all.append(.convert(old, conversion, into: beside, table: new.name, target: after.reference))
            all.append(.replaceColumn(old, by: beside, as: after, table: new.name))
            all.append(.require(after, table: new.name))
        }
        for column in table.columns {
            guard let old = column.old, let after = column.new, !isConverted(column) else { continue }
            if old.required != after.required { all.append(.require(after, table: new.name)) }
        }
        for column in table.columns where column.old == nil {
            guard let added = column.new else { continue }
            all.append(.addColumn(added, table: new.name))
            if let value = added.initialValue, value != added.emptyValue {
                all.append(.fill(added, table: new.name))
            }
            all.append(.require(added, table: new.name))
        }
        for column in table.columns where column.new == nil {
            if let dropped = column.old { all.append(.dropColumn(dropped, table: new.name)) }
        }
    }

    private func isConverted(_ column: ColumnMigration) -> Bool {
        guard let old = column.old, let new = column.new else { return false }
        return column.rewritesValues || dialect.type(of: old) != dialect.type(of: new)
    }
}

extension ColumnShape {
    /// The same column under another name, without what hangs on it.
    func named(_ name: String) -> ColumnShape {
        ColumnShape(name: name, type: type, required: false, reference: nil, words: words, digits: digits)
    }
}
