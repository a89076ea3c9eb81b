import OffstageSchema
package import OffstageStorage

extension ServerEngine {
    package func plan(to shapes: [TableShape]) async throws(StorageFailure) -> MigrationPlan {
        try await resume()
        return try await scanUnlimited { [driver] link throws(StorageFailure) in
            try Self.plan(to: shapes, driver, link)
        }
    }

    private static func plan(
        to shapes: [TableShape],
        _ driver: Driver,
        _ link: Driver.Link
    ) throws(StorageFailure) -> MigrationPlan {
        let stored = try SystemTables.shapes(driver, link)
        if let stored {
            driver.know(stored)
            if let moved = try SystemTables.value(.moved, link) { throw Moving.refusal(moved) }
            if try SystemTables.value(.filling, link) != nil { throw Moving.isBeingFilled }
            try ServerIntrospection.check(stored, driver, link)
        }
        return try MigrationPlan(stored: stored, wanted: shapes, values: ServerStoredValues(connection: link))
    }

    package func apply(_ plan: MigrationPlan, allowLoss: Bool) async throws(StorageFailure) {
        if plan.isEmpty, plan.stored == plan.wanted, try await isUpgraded() { return }
        try plan.permit(allowLoss: allowLoss)
        try await pool.run(.scan) { [self] () throws(StorageFailure) in
            try presence.alone { () throws(StorageFailure) in
                try pool.withLink { link throws(StorageFailure) in
                    try onDefinitions(link) { () throws(StorageFailure) in
                        try link.execute(driver.dialect.unlimited)
                        let current = try Self.plan(to: plan.wanted, driver, link)
                        let isDone = current.isEmpty && current.stored == current.wanted
                        guard isDone || current == plan else { throw MigrationPlan.outdated }
                        if current.stored == nil { try SystemTables.create(driver, link) }
                        try SystemTables.upgrade(driver, link)
                        if isDone { return }
                        if !driver.dialect.definesInTransactions {
                            let record = MigrationRecord(stored: plan.stored, wanted: plan.wanted, done: 0)
                            try SystemTables.set(.migration, try record.text, link)
                        }
                        try carryOut(plan, from: 0, link)
                    }
                }
            }
        }
        driver.know(plan.wanted)
    }

    private func isUpgraded() async throws(StorageFailure) -> Bool {
        try await scanUnlimited { link throws(StorageFailure) in
            try SystemTables.format(link) == DatabaseFormat.current
        }
    }

    /// Goes on with a migration that was killed between two of its steps, where definitions can't be taken back.
    private func resume() async throws(StorageFailure) {
        guard !driver.dialect.definesInTransactions else { return }
        try await pool.run(.scan) { [self] () throws(StorageFailure) in
            guard try pool.withLink({ link throws(StorageFailure) in try unfinished(link) }) != nil else { return }
            try presence.alone { () throws(StorageFailure) in
                try pool.withLink { link throws(StorageFailure) in
                    guard let record = try unfinished(link) else { return }
                    // What the steps lose was allowed when they began, and what stood in their way was looked at then.
                    let plan = try MigrationPlan(stored: record.stored, wanted: record.wanted, values: NoValues())
                    try onDefinitions(link) { () throws(StorageFailure) in
                        try carryOut(plan, from: record.done, link)
                    }
                }
            }
        }
    }

    private func unfinished(_ link: Driver.Link) throws(StorageFailure) -> MigrationRecord? {
        guard try driver.tables(link).contains("_offstage"),
            let text = try SystemTables.value(.migration, link)
        else { return nil }
        return try MigrationRecord(text)
    }

    /// Runs the body as a whole where the database can do that with definitions.
    func onDefinitions(
        _ link: Driver.Link,
        _ body: () throws(StorageFailure) -> Void
    ) throws(StorageFailure) {
        guard driver.dialect.definesInTransactions else { return try body() }
        try link.begin(.write)
        do throws(StorageFailure) {
            try body()
            try link.commit()
        } catch {
            link.rollback()
            throw error
        }
    }

    private func carryOut(_ plan: MigrationPlan, from start: Int, _ link: Driver.Link) throws(StorageFailure) {
        let actions = SchemaActions(plan, driver.dialect).all
        for (number, action) in actions.enumerated() where number >= start {
            let performer = SchemaPerformer(driver: driver, link: link)
            if try !performer.isDone(action) { try performer.perform(action) }
            guard !driver.dialect.definesInTransactions else { continue }
            let record = MigrationRecord(stored: plan.stored, wanted: plan.wanted, done: number + 1)
            try SystemTables.set(.migration, try record.text, link)
        }
        try SystemTables.store(plan.wanted, link)
        if !driver.dialect.definesInTransactions { try SystemTables.set(.migration, nil, link) }
    }
}

/// How far a migration is, as the database keeps it while one is under way.
struct MigrationRecord {
    let stored: [TableShape]?
    let wanted: [TableShape]
    let done: Int

    init(stored: [TableShape]?, wanted: [TableShape], done: Int) {
        self.stored = stored
        self.wanted = wanted
        self.done = done
    }

    /// Three lines: the number of steps that are done, the shapes before, or nothing, and those after.
    var text: String {
        get throws(StorageFailure) {
            let before = if let stored { try ShapesText.write(stored) } else { "" }
            return "\(done)\n\(before)\n\(try ShapesText.write(wanted))"
        }
    }

    init(_ text: String) throws(StorageFailure) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 3, let done = Int(lines[0]) else {
            throw .damaged("the record of a migration that is under way can't be read")
        }
        self.done = done
        stored = lines[1].isEmpty ? nil : try ShapesText.read(lines[1])
        wanted = try ShapesText.read(lines[2])
    }
}

/// Answers no question of a plan: the one that is gone on with was looked at when it began.
private struct NoValues: StoredValues {
    func records(in table: TableShape) -> Int { 0 }
    func filled(_ column: ColumnShape, in table: TableShape) -> Int { 0 }
    func each(_ column: ColumnShape, in table: TableShape, _ body: (Value) throws(StorageFailure) -> Void) {}
    func holds(_ id: Identifier, in table: TableShape) -> Bool { true }
    func repeated(_ column: ColumnShape, in table: TableShape) -> (value: Value, records: Int)? { nil }
}
