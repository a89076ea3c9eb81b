extension MigrationPlan {
    /// Compares the shapes and looks at the stored values.
    ///
    /// - Parameters:
    ///   - stored: the shapes in force; nil for a database in which nothing was made yet.
    ///   - wanted: the shapes that the catalog needs.
    ///   - values: what the database holds; asked only where a step depends on it.
    /// - Throws: what reading the values throws.
    package init(
        stored: [TableShape]?,
        wanted: [TableShape],
        values: some StoredValues
    ) throws(StorageFailure) {
        let pairing = TablePairing(stored: stored ?? [], wanted: wanted)
        var steps = pairing.faults.map(Self.fault)
        for table in pairing.tables {
            guard let old = table.old, let new = table.new, table.isRenamed else { continue }
            steps.append(
                MigrationStep(.renameTable, table: new.name, "rename the collection \(old.name) to \(new.name)")
            )
        }
        for table in pairing.tables where table.old == nil {
            guard let new = table.new else { continue }
            steps.append(MigrationStep(.createTable, table: new.name, "add the collection \(new.name)"))
        }
        let former = TableMigration.formerTables(pairing.tables)
        for table in pairing.tables {
            guard let old = table.old, let new = table.new else { continue }
            for column in table.columns {
                steps += try ColumnSteps(column, old: old, new: new, former: former, values: values).steps
            }
            steps += Self.indexSteps(table, old: old, new: new)
            steps += Self.searchSteps(table, old: old, new: new)
        }
        // What is lost comes last, below everything that is gained.
        steps = steps.filter { $0.kind != .dropColumn } + steps.filter { $0.kind == .dropColumn }
        for table in pairing.tables where table.new == nil {
            guard let old = table.old else { continue }
            steps.append(try Self.drop(old, values: values))
        }
        self.init(stored: stored, wanted: wanted, steps: steps, tables: pairing.tables)
    }

    private static func fault(_ fault: TablePairing.Fault) -> MigrationStep {
        if let column = fault.column {
            MigrationStep(
                .renameColumn,
                table: fault.table,
                column: column,
                "rename the field \(fault.table).\(fault.former) to \(column)",
                obstacle: fault.obstacle
            )
        } else {
            MigrationStep(
                .renameTable,
                table: fault.table,
                "rename the collection \(fault.former) to \(fault.table)",
                obstacle: fault.obstacle
            )
        }
    }

    private static func drop(_ table: TableShape, values: some StoredValues) throws(StorageFailure) -> MigrationStep {
        let records = try values.records(in: table)
        let loss = records == 0 ? nil : MigrationStep.Loss(records: records, Counted.are(records, "in it"))
        return MigrationStep(.dropTable, table: table.name, "drop the collection \(table.name)", loss: loss)
    }

    /// Indexes that the file lists, compared by the columns' new names. One over a dropped column goes with the column.
    private static func indexSteps(_ table: TableMigration, old: TableShape, new: TableShape) -> [MigrationStep] {
        let names = table.laterNames
        let before = old.indexes.compactMap { index -> IndexShape? in
            let keys = index.keys.compactMap { key in
                (names[key.column] ?? key.column).map { IndexShape.Key($0, descending: key.descending) }
            }
            return keys.count == index.keys.count ? IndexShape(keys) : nil
        }
        let added = new.indexes.filter { !before.contains($0) }.map { index in
            MigrationStep(.addIndex, table: new.name, "add the index \(new.name) \(index.inWords)")
        }
        let dropped = before.filter { !new.indexes.contains($0) }.map { index in
            MigrationStep(.dropIndex, table: new.name, "drop the index \(new.name) \(index.inWords)")
        }
        return added + dropped
    }

    /// The search, compared by the columns' new names. It is made from the records, so nothing is lost with it.
    private static func searchSteps(_ table: TableMigration, old: TableShape, new: TableShape) -> [MigrationStep] {
        let names = table.laterNames
        let before = (old.search ?? []).compactMap { names[$0] ?? $0 }
        guard let search = new.search else {
            guard old.search != nil else { return [] }
            return [MigrationStep(.dropSearch, table: new.name, "drop the search of \(new.name)")]
        }
        let fields = "[" + search.joined(separator: ", ") + "]"
        if old.search == nil {
            return [MigrationStep(.addSearch, table: new.name, "add the search of \(new.name) in \(fields)")]
        }
        guard before != search else { return [] }
        return [MigrationStep(.changeSearch, table: new.name, "make the search of \(new.name) look into \(fields)")]
    }
}

extension TableMigration {
    /// The stored shape of each table that stays, by the name that it has afterwards.
    package static func formerTables(_ tables: [TableMigration]) -> [String: TableShape] {
        var former: [String: TableShape] = [:]
        for table in tables {
            if let old = table.old, let new = table.new { former[new.name] = old }
        }
        return former
    }
}

extension TableMigration {
    /// By the stored name of each column the name that it has afterwards; nil for one that is dropped.
    fileprivate var laterNames: [String: String?] {
        var names: [String: String?] = [:]
        for column in columns {
            if let old = column.old { names[old.name] = .some(column.new?.name) }
        }
        return names
    }
}

extension IndexShape {
    /// As the app file writes it: `[category, -price]`.
    fileprivate var inWords: String {
        "[" + keys.map { ($0.descending ? "-" : "") + $0.column }.joined(separator: ", ") + "]"
    }
}

/// Counts in sentences.
enum Counted {
    static func records(_ count: Int) -> String {
        count == 1 ? "1 record" : "\(count) records"
    }

    static func have(_ count: Int, _ what: String) -> String {
        records(count) + (count == 1 ? " has " : " have ") + what
    }

    static func are(_ count: Int, _ what: String) -> String {
        records(count) + (count == 1 ? " is " : " are ") + what
    }
}
