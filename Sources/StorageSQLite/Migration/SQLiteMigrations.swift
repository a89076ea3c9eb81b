import OffstageSchema
package import OffstageStorage

extension SQLiteEngine {
    /// The shapes of the tables in force; nil for a database in which nothing was made yet.
    ///
    /// - Throws: `.refused` for a database of a later format; `.damaged` when it lacks what it must have.
    package func storedShapes() async throws(StorageFailure) -> [TableShape]? {
        try await read(.scan) { connection throws(StorageFailure) in try SystemTables.shapes(connection) }
    }

    /// What has to happen so that the database fits the shapes. Nothing is changed. Reads whole tables where a step
    /// depends on what they hold, without a time limit, and keeps no writer waiting.
    ///
    /// - Throws: `.refused` for a database of a later format; `.damaged` when it lacks a table or a column that was
    ///   made, because another program changed it.
    package func plan(to shapes: [TableShape]) async throws(StorageFailure) -> MigrationPlan {
        try await scanUnlimited { connection throws(StorageFailure) in
            try Self.plan(to: shapes, connection)
        }
    }

    /// Does what a plan says, in one transaction: all of it or nothing, also when the process is killed. Readers see the
    /// database as it was until the end. An empty plan still makes the tables of a new database and keeps the shapes, and a plan
    /// that was applied already still upgrades a database of an earlier format.
    ///
    /// - Parameter allowLoss: whether steps that lose data may be done.
    /// - Throws: `.unavailable` when another process serves the database; `.refused` when a step can't be done, when one
    ///   would lose data and that is not allowed, or when the data changed so that the plan would be another.
    package func apply(_ plan: MigrationPlan, allowLoss: Bool) async throws(StorageFailure) {
        if plan.isEmpty, plan.stored == plan.wanted, try await isUpgraded() { return }
        guard isOwner else { throw .unavailable("a server is running (\(owner)); stop it first") }
        try plan.permit(allowLoss: allowLoss)
        try await exclusively { connection throws(StorageFailure) in
            try Migration.transaction(connection) { connection throws(StorageFailure) in
                let current = try Self.plan(to: plan.wanted, connection)
                let isDone = current.isEmpty && current.stored == current.wanted
                guard isDone || current == plan else { throw MigrationPlan.outdated }
                if isDone { return try SystemTables.upgrade(connection) }
                try Migration.carryOut(plan, connection)
            }
        }
    }

    private func isUpgraded() async throws(StorageFailure) -> Bool {
        try await scanUnlimited { connection throws(StorageFailure) in
            try SystemTables.format(connection) == DatabaseFormat.current
        }
    }

    private static func plan(
        to shapes: [TableShape],
        _ connection: any Connection
    ) throws(StorageFailure) -> MigrationPlan {
        let stored = try SystemTables.shapes(connection)
        if let stored {
            if let moved = try SystemTables.value("moved", connection) { throw Moving.refusal(moved) }
            if try SystemTables.value("filling", connection) != nil { throw Moving.isBeingFilled }
            try Introspection.check(stored, connection)
        }
        return try MigrationPlan(stored: stored, wanted: shapes, values: SQLiteStoredValues(connection: connection))
    }
}
