import OffstageSchema
import OffstageStorage

/// Carries out a plan on the writer's connection.
enum Migration {
    /// Runs the body in a transaction of its own, with references checked once at its end rather than at each step
    /// (sqlite.org/lang_altertable.html, section 7).
    static func transaction(
        _ connection: SQLiteConnection,
        _ body: (SQLiteConnection) throws(StorageFailure) -> Void
    ) throws(StorageFailure) {
        try withoutReferences(connection) { connection throws(StorageFailure) in
            try body(connection)
            try checkReferences(connection)
        }
    }

    /// Runs the body in a transaction of its own in which references may lead nowhere, also at its end.
    static func withoutReferences(
        _ connection: SQLiteConnection,
        _ body: (SQLiteConnection) throws(StorageFailure) -> Void
    ) throws(StorageFailure) {
        // Has no effect inside a transaction, so it comes before.
        try connection.execute("PRAGMA foreign_keys = OFF")
        do throws(StorageFailure) {
            try connection.execute("BEGIN IMMEDIATE")
            try body(connection)
            try connection.execute("COMMIT")
        } catch {
            // The writer looks at why the connection failed, so nothing else may be asked of it first.
            guard !SQLiteFailures.stopsWrites(connection.handle) else { throw error }
            if connection.isInTransaction { try? connection.execute("ROLLBACK") }
            try connection.execute("PRAGMA foreign_keys = ON")
            throw error
        }
        try connection.execute("PRAGMA foreign_keys = ON")
    }

    private static func checkReferences(_ connection: SQLiteConnection) throws(StorageFailure) {
        let broken = try connection.first("SELECT \"table\", \"parent\" FROM pragma_foreign_key_check LIMIT 1") { row in
            "records of \(row.text(0)) refer to records of \(row.text(1)) that are not there"
        }
        if let broken { throw .refused(Failure(.conflict, "Nothing was changed: \(broken).")) }
    }

    /// Values are converted before any table changes: a conversion then sees the very data that the plan was made from.
    static func carryOut(_ plan: MigrationPlan, _ connection: SQLiteConnection) throws(StorageFailure) {
        if plan.stored == nil { try SystemTables.create(connection) }
        try SystemTables.upgrade(connection)
        let former = TableMigration.formerTables(plan.tables)
        let changes = try plan.tables.enumerated().map { number, table throws(StorageFailure) in
            try TableChange(table, number: number, former: former, connection)
        }
        for change in changes { try change.convertValues() }
        for change in changes { try change.clearAway() }
        for change in changes { try change.rename() }
        for change in changes { try change.reshape() }
        for change in changes { try change.index() }
        try SystemTables.store(plan.wanted, connection)
    }
}
