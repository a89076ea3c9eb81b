import OffstageSchema

/// An engine whose database can be taken to another one, and be filled from another.
package protocol TransferringEngine: Engine {
    /// Runs the body in a read transaction without a time limit.
    func readUnlimited<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result

    /// The shapes in force, whatever the database says of being moved; nil for an empty one.
    func shapes() async throws(StorageFailure) -> [TableShape]?

    /// What the database says of being moved: a mark of the move and where it goes to; nil when it is in use.
    func moved() async throws(StorageFailure) -> MoveMark?

    /// Makes the database refuse everybody but the move, or lets it be used again. Waits for nobody: who uses it is told.
    func setMoved(_ mark: MoveMark?) async throws(StorageFailure)

    /// Sees that every entry of the journal has a position.
    func completeJournal() async throws(StorageFailure)

    /// Makes the tables in an empty database, without what hangs on them, and marks it as being filled. Does nothing where
    /// that was done.
    ///
    /// - Throws: `.refused` where the database is not empty, or is filled by another move.
    func beginFilling(_ shapes: [TableShape], _ state: FillingState) async throws(StorageFailure) -> FillingState

    /// Runs a write transaction that does not look whether references lead anywhere yet, and keeps the state with it.
    func fill(
        _ state: FillingState,
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Void
    ) async throws(StorageFailure)

    /// Makes what hangs on the tables and lets the database be used.
    func endFilling(_ shapes: [TableShape]) async throws(StorageFailure)
}

/// That a database is moved, and where to.
package struct MoveMark: Hashable, Sendable {
    /// Random, so that a move that was given up is not taken for a new one.
    package let token: String
    /// For people: without a password.
    package let place: String

    package init(token: String, place: String) {
        self.token = token
        self.place = place
    }

    package var text: String { "\(token) \(place)" }

    package init?(_ text: String) {
        guard let blank = text.firstIndex(of: " ") else { return nil }
        self.init(token: String(text[..<blank]), place: String(text[text.index(after: blank)...]))
    }
}

/// How far a database is filled, kept in it with each batch.
package struct FillingState: Hashable, Sendable {
    package let token: String
    /// Of the source, whose journal's positions hold on.
    package let epoch: String
    /// Tables that are done, and rows of the next that are.
    package var tables: Int
    package var rows: Int
    /// The key of the last row, as a JSON array.
    package var key: String

    package init(token: String, epoch: String, tables: Int = 0, rows: Int = 0, key: String = "") {
        self.token = token
        self.epoch = epoch
        self.tables = tables
        self.rows = rows
        self.key = key
    }

    package var text: String { "\(token)\n\(epoch)\n\(tables)\n\(rows)\n\(key)" }

    package init?(_ text: String) {
        let lines = text.split(separator: "\n", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 5, let tables = Int(lines[2]), let rows = Int(lines[3]) else { return nil }
        self.init(token: lines[0], epoch: lines[1], tables: tables, rows: rows, key: lines[4])
    }
}

/// What a database says of itself while its data is taken elsewhere, and afterwards.
package enum Moving {
    package static func refusal(_ mark: String) -> StorageFailure {
        let place = MoveMark(mark)?.place ?? "another database"
        return .refused(
            Failure(
                .conflict,
                "The data of this database was moved to \(place), or is being moved. Set OFFSTAGE_DATABASE to that one, go on "
                    + "with \"offstage move\", or take it back with \"offstage move --cancel\"."
            )
        )
    }

    package static let isBeingFilled = StorageFailure.refused(
        Failure(
            .conflict,
            "This database is being filled by \"offstage move\", which has not come to its end. Run it again."
        )
    )

    package static func notEmpty(_ place: String) -> StorageFailure {
        .refused(Failure(.conflict, "\(place) is not empty; nothing was moved. Name an empty database."))
    }

    package static func otherMove(_ place: String) -> StorageFailure {
        .refused(
            Failure(
                .conflict,
                "\(place) holds a part of another move that was given up; nothing was moved. Empty it, or name another."
            )
        )
    }
}
