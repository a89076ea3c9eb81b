import OffstageSchema
package import OffstageStorage

/// Taking the data of a server's database to another one, and the other way around.
extension ServerEngine: TransferringEngine {
    package func readUnlimited<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result {
        try await scanUnlimited { link throws(StorageFailure) in try body(link) }
    }

    package func shapes() async throws(StorageFailure) -> [TableShape]? {
        try await scanUnlimited { [driver] link throws(StorageFailure) in
            let shapes = try SystemTables.shapes(driver, link)
            if let shapes { driver.know(shapes) }
            return shapes
        }
    }

    package func moved() async throws(StorageFailure) -> MoveMark? {
        try await scanUnlimited { [driver] link throws(StorageFailure) in
            guard try SystemTables.shapes(driver, link) != nil else { return nil }
            return try SystemTables.value(.moved, link).flatMap(MoveMark.init)
        }
    }

    package func setMoved(_ mark: MoveMark?) async throws(StorageFailure) {
        try await pool.run(.scan) { [self] () throws(StorageFailure) in
            try presence.alone { () throws(StorageFailure) in
                try writing { link throws(StorageFailure) in try SystemTables.set(.moved, mark?.text, link) }
            }
        }
    }

    package func completeJournal() async throws(StorageFailure) { try await numberEntries() }

    package func beginFilling(
        _ shapes: [TableShape],
        _ state: FillingState
    ) async throws(StorageFailure) -> FillingState {
        try await pool.run(.scan) { [self] () throws(StorageFailure) in
            try presence.alone { () throws(StorageFailure) in
                try pool.withLink { link throws(StorageFailure) in try begin(shapes, state, link) }
            }
        }
    }

    private func begin(
        _ shapes: [TableShape],
        _ state: FillingState,
        _ link: Driver.Link
    ) throws(StorageFailure) -> FillingState {
        let isMade = try driver.tables(link).contains("_offstage")
        let found = isMade ? try SystemTables.value(.filling, link) : nil
        if let found {
            guard let found = FillingState(found), found.token == state.token else {
                throw Moving.otherMove(driver.place)
            }
            // The tables may not all be there yet, where definitions can't be taken back, or an earlier version began.
            try onDefinitions(link) { () throws(StorageFailure) in try SystemTables.upgrade(driver, link) }
            try make(shapes, link)
            return found
        }
        if isMade {
            let shapes = try SystemTables.shapes(driver, link)
            guard shapes == nil else { throw Moving.notEmpty(driver.place) }
        }
        try onDefinitions(link) { () throws(StorageFailure) in
            try SystemTables.create(driver, link)
            try SystemTables.upgrade(driver, link)
            try SystemTables.set(.epoch, state.epoch, link)
            try SystemTables.set(.filling, state.text, link)
            try make(shapes, link)
        }
        return state
    }

    private func make(_ shapes: [TableShape], _ link: Driver.Link) throws(StorageFailure) {
        let performer = SchemaPerformer(driver: driver, link: link)
        for table in shapes {
            let action = SchemaAction.createTable(table)
            if try !performer.isDone(action) { try performer.perform(action) }
        }
        try SystemTables.store(shapes, link)
        driver.know(shapes)
    }

    package func fill(
        _ state: FillingState,
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Void
    ) async throws(StorageFailure) {
        try await pool.run(.scan) { [self] () throws(StorageFailure) in
            try writing { link throws(StorageFailure) in
                try body(link)
                try SystemTables.set(.filling, state.text, link)
            }
        }
    }

    package func endFilling(_ shapes: [TableShape]) async throws(StorageFailure) {
        try await pool.run(.scan) { [self] () throws(StorageFailure) in
            try presence.alone { () throws(StorageFailure) in
                try pool.withLink { link throws(StorageFailure) in
                    guard try SystemTables.value(.filling, link) != nil else { return }
                    try onDefinitions(link) { () throws(StorageFailure) in try end(shapes, link) }
                }
            }
        }
    }

    private func end(_ shapes: [TableShape], _ link: Driver.Link) throws(StorageFailure) {
        try link.execute(driver.dialect.unlimited)
        let performer = SchemaPerformer(driver: driver, link: link)
        for action in SchemaActions(filled: shapes, driver.dialect).all where try !performer.isDone(action) {
            try performer.perform(action)
        }
        let last =
            try link.first("SELECT max(\(SQL.Name("position"))) FROM \(SQL.Name("_journal"))") { $0.integer(0) } ?? 0
        try link.run(
            "UPDATE \(SQL.Name("_journal_head")) SET \(SQL.Name("position")) = \(.integer(last)) WHERE \(SQL.Name("id")) = 1"
        )
        for text in driver.dialect.numberingGoesOn { try link.execute(text) }
        try SystemTables.set(.filling, nil, link)
    }
}
