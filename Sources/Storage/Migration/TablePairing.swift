/// Which stored table and column becomes which wanted one: by name, or by the former name that a wanted one says it had.
///
/// A former name that the database no longer knows was seen to already, or is of a time before this database; it says
/// nothing then.
struct TablePairing {
    private(set) var tables: [TableMigration] = []
    /// What makes a rename impossible, by the wanted table and column.
    private(set) var faults: [Fault] = []

    struct Fault {
        let table: String
        let column: String?
        let former: String
        let obstacle: MigrationStep.Obstacle
    }

    init(stored: [TableShape], wanted: [TableShape]) {
        let names = NamePairing(
            stored: stored.map(\.name),
            wanted: wanted.map { NamePairing.Wanted(name: $0.name, was: $0.was) },
            noun: "collection"
        )
        for (name, fault) in names.faults {
            faults.append(Fault(table: name, column: nil, former: fault.former, obstacle: fault.obstacle))
        }
        let renamed = Dictionary(names.pairs.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
        for new in wanted {
            let old = names.pairs[new.name].flatMap { name in stored.first { $0.name == name } }
            tables.append(TableMigration(old: old, new: new, columns: pairs(old, new, renamed: renamed)))
        }
        for old in stored where renamed[old.name] == nil {
            tables.append(TableMigration(old: old, new: nil, columns: []))
        }
    }

    private mutating func pairs(
        _ old: TableShape?,
        _ new: TableShape,
        renamed: [String: String]
    ) -> [ColumnMigration] {
        guard let old else { return new.columns.map { ColumnMigration(old: nil, new: $0) } }
        let names = NamePairing(
            stored: old.columns.map(\.name),
            wanted: new.columns.map { NamePairing.Wanted(name: $0.name, was: $0.was) },
            noun: "field"
        )
        for (name, fault) in names.faults {
            faults.append(Fault(table: new.name, column: name, former: fault.former, obstacle: fault.obstacle))
        }
        var columns = new.columns.map { wanted in
            let stored = names.pairs[wanted.name].flatMap(old.column)
            return ColumnMigration(old: stored, new: wanted, oldReference: stored?.reference.flatMap { renamed[$0] })
        }
        let kept = Set(names.pairs.values)
        columns += old.columns.filter { !kept.contains($0.name) }.map { ColumnMigration(old: $0, new: nil) }
        return columns
    }
}

/// Names before and after, and which became which.
private struct NamePairing {
    struct Wanted {
        let name: String
        let was: String?
    }

    /// The stored name of each wanted one that is not new.
    private(set) var pairs: [String: String] = [:]
    private(set) var faults: [(name: String, fault: (former: String, obstacle: MigrationStep.Obstacle))] = []

    init(stored: [String], wanted: [Wanted], noun: String) {
        let storedNames = Set(stored)
        let wantedNames = Set(wanted.map(\.name))
        for new in wanted where storedNames.contains(new.name) { pairs[new.name] = new.name }
        for new in wanted {
            guard let was = new.was, was != new.name, storedNames.contains(was) else { continue }
            let obstacle: MigrationStep.Obstacle
            switch (storedNames.contains(new.name), wantedNames.contains(was)) {
            case (true, true): continue
            case (true, false):
                obstacle = MigrationStep.Obstacle(
                    "the database has a \(noun) \(was) and a \(noun) \(new.name)",
                    remedy: "remove `was: \(was)`, and \(was) is dropped"
                )
            case (false, true):
                obstacle = MigrationStep.Obstacle(
                    "the file still has a \(noun) \(was)",
                    remedy: "remove `was: \(was)` from \(new.name), or the \(noun) \(was) from the file"
                )
            case (false, false):
                if let other = pairs.first(where: { $0.value == was })?.key {
                    obstacle = MigrationStep.Obstacle(
                        "\(other) says `was: \(was)` too",
                        remedy: "leave it with the one that keeps the values"
                    )
                } else {
                    pairs[new.name] = was
                    continue
                }
            }
            faults.append((new.name, (was, obstacle)))
        }
    }
}
