import OffstageSchema
package import OffstageStorage

/// Taking the data of a file to another database, and the other way around.
extension SQLiteEngine: TransferringEngine {
    package func readUnlimited<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result {
        try await scanUnlimited(body)
    }

    package func shapes() async throws(StorageFailure) -> [TableShape]? { try await storedShapes() }

    package func moved() async throws(StorageFailure) -> MoveMark? {
        try await scanUnlimited { connection throws(StorageFailure) in
            guard try SystemTables.shapes(connection) != nil else { return nil }
            return try SystemTables.value("moved", connection).flatMap(MoveMark.init)
        }
    }

    package func setMoved(_ mark: MoveMark?) async throws(StorageFailure) {
        guard isOwner else { throw .unavailable("a server is running (\(owner)); stop it first") }
        try await write { connection throws(StorageFailure) in
            try SystemTables.set("moved", mark?.text, connection)
        }
    }

    /// Entries are numbered with the write.
    package func completeJournal() async throws(StorageFailure) {}

    package func beginFilling(
        _ shapes: [TableShape],
        _ state: FillingState
    ) async throws(StorageFailure) -> FillingState {
        guard isOwner else { throw .unavailable("a server is running (\(owner)); stop it first") }
        let path = path
        return try await exclusively { connection throws(StorageFailure) in
            if try SystemTables.shapes(connection) != nil {
                guard let text = try SystemTables.value("filling", connection) else { throw Moving.notEmpty(path) }
                guard let found = FillingState(text), found.token == state.token else { throw Moving.otherMove(path) }
                // It may have been begun by an earlier version.
                try Migration.withoutReferences(connection) { connection throws(StorageFailure) in
                    try SystemTables.upgrade(connection)
                }
                return found
            }
            try Migration.transaction(connection) { connection throws(StorageFailure) in
                let plan = try MigrationPlan(
                    stored: nil,
                    wanted: shapes,
                    values: SQLiteStoredValues(connection: connection)
                )
                try Migration.carryOut(plan, connection)
                try SystemTables.set("epoch", state.epoch, connection)
                try SystemTables.set("filling", state.text, connection)
            }
            return state
        }
    }

    package func fill(
        _ state: FillingState,
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Void
    ) async throws(StorageFailure) {
        try await exclusively { connection throws(StorageFailure) in
            try Migration.withoutReferences(connection) { connection throws(StorageFailure) in
                try body(connection)
                try SystemTables.set("filling", state.text, connection)
            }
        }
    }

    package func endFilling(_ shapes: [TableShape]) async throws(StorageFailure) {
        try await exclusively { connection throws(StorageFailure) in
            guard try SystemTables.value("filling", connection) != nil else { return }
            try Migration.transaction(connection) { connection throws(StorageFailure) in
                for table in shapes {
                    for link in table.linked { try connection.run(TableDefinition.fillLinks(link.column, of: table)) }
                    if let search = table.search { try connection.run(SearchTable.fill(search, of: table)) }
                }
                try SystemTables.set("filling", nil, connection)
            }
        }
    }
}
