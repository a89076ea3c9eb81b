package import OffstageRules
package import OffstageSchema
package import OffstageStorage

/// Writes of records in a transaction that keeps more than records: an account together with its password, say. They go
/// through the same validation, rules and journal as any other.
package struct JointWrite {
    package let connection: any Connection
    /// When the transaction happens.
    package let at: Timestamp
    private let records: Records
    private let principal: Principal
    private let transaction: Journal.Transaction

    fileprivate init(_ records: Records, by principal: Principal, at: Timestamp, _ connection: any Connection) {
        self.records = records
        self.principal = principal
        self.at = at
        self.connection = connection
        transaction = records.transaction(by: principal, at: at)
    }

    /// A fresh id.
    package func newID() -> Identifier { records.ids.next() }

    /// Makes a record that somebody else than the collection's rule let in.
    ///
    /// - Parameter setting: what the server sets, by the names of the fields; the input may hold the others that the
    ///   principal may write.
    /// - Returns: the whole record.
    package func create(
        _ input: Input,
        setting: [String: Value],
        in collection: Collection
    ) throws(StorageFailure) -> Record {
        let view = records.view(of: collection, for: Asker(principal, at: at))
        var creation = try refusing { () throws(Failure) in
            try Creation(
                try Draft(input, view, isWhole: true, others: Set(setting.keys)),
                view,
                isGranted: true
            )
        }
        for (name, value) in setting {
            if let position = collection.position(of: name) { creation.setting[position] = value }
        }
        return try creation.store(records, in: transaction, connection)
    }

    /// Sets fields of a record, whoever may write them, and leaves the others as they are.
    ///
    /// - Returns: the whole record, or nil when there is none.
    @discardableResult
    package func set(
        _ values: [String: Value],
        of id: Identifier,
        in collection: Collection
    ) throws(StorageFailure) -> Record? {
        guard let current = try record(id, in: collection) else { return nil }
        var changed = current.values
        for (name, value) in values {
            if let position = collection.position(of: name) { changed[position] = value }
        }
        return try records.change(current, to: changed, collection, transaction, connection)
    }

    /// Deletes a record, and does to those that point to it what their relations say.
    package func delete(_ id: Identifier, in collection: Collection) throws(StorageFailure) {
        let view = records.view(of: collection, for: .system("deletion"))
        let removal = try refusing { () throws(Failure) in try Removal(id, view, if: .none) }
        _ = try removal.perform(records, in: transaction, connection)
    }

    /// The whole record; nobody else changes it until the transaction ends.
    package func record(_ id: Identifier, in collection: Collection) throws(StorageFailure) -> Record? {
        try records.record(id, collection, where: .always, connection)
    }
}

extension Records {
    /// Runs a transaction that writes records and more. When this returns it is on disk; when it throws, nothing of it
    /// happened. The body may run again, so it must not keep state outside.
    package func writing<Result: Sendable>(
        by principal: Principal,
        _ body: @escaping @Sendable (JointWrite) throws(StorageFailure) -> Result
    ) async throws(Failure) -> Result {
        try await engine.writing { [self] connection throws(StorageFailure) in
            try body(JointWrite(self, by: principal, at: now(), connection))
        }
    }

    /// The whole records whose field has a value, by their ids, for what is decided beside the rules. A mail address is compared
    /// without regard to case, and must be in lower case here as far as ASCII goes.
    ///
    /// - Parameter locking: whether nobody else may change them until the transaction ends.
    package func whole(
        of collection: Collection,
        where field: Field,
        is value: Value,
        locking: Bool = false,
        _ connection: any Connection
    ) throws(StorageFailure) -> [Record] {
        let table = try table(collection)
        let column: SQL = "\(SQL.Name(field))"
        let key = if case .email = field.kind { connection.dialect.caselessKey(column) } else { column }
        var statement: SQL = """
            SELECT \(table.columns) FROM \(SQL.Name(collection)) WHERE \(key) = \(value) ORDER BY \(SQL.Name("id"))
            """
        if locking { statement += connection.dialect.lockingRead }
        return try connection.all(statement) { row throws(StorageFailure) in try table.read(row) }
    }

    /// The whole of a record, for what is decided beside the rules.
    package func whole(
        _ id: Identifier,
        of collection: Collection,
        _ connection: any Connection
    ) throws(StorageFailure) -> Record? {
        try table(collection).record(id, connection)
    }
}

extension Records {
    /// Says what is wrong with the input of a new record that somebody else than the rule lets in, before anything is
    /// written.
    package func check(_ input: Input, asNew collection: Collection, by principal: Principal) throws(Failure) {
        _ = try Draft(input, view(of: collection, for: principal), isWhole: true)
    }

    /// A record as somebody may see its fields, whether the rule lets them at it or not: their own account.
    package func seen(_ id: Identifier, _ view: View) async throws(Failure) -> Record? {
        let reading = try view.reading(try prepared(view.collection))
        let statement = statement(id, view, reading, .always)
        return try await engine.reading(.bounded) { connection throws(StorageFailure) in
            try connection.first(statement) { row throws(StorageFailure) in try reading.read(row) }
        }
    }
}
