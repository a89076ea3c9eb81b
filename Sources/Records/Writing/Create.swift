package import OffstageSchema
import OffstageStorage

extension Records {
    /// Who lets a new record in.
    package enum Grant: Sendable {
        /// The collection's rule for creating.
        case rule
        /// A form of the app file: it may fill a collection that is closed otherwise.
        case form(Form)
    }

    /// Stores a new record.
    ///
    /// - Returns: the answer that the request makes of it, or the one that was kept under its key.
    /// - Throws: `.invalid`, `.conflict` (a unique value or the id is taken), `.unauthenticated`, `.notFound` when the
    ///   collection is closed to the caller.
    package func create(
        _ input: Input,
        in collection: Collection,
        granted grant: Grant = .rule,
        _ request: WriteRequest
    ) async throws(Failure) -> Answer {
        if case .rule = grant { try authorizeCreation(in: collection, by: request.principal) }
        let draft = try Draft(input, for: collection, by: request.principal, isWhole: true)
        let values = try draft.completed(for: collection)
        let settled = try await engine.writing { connection throws(StorageFailure) in
            let moment = now()
            return try answering(request.repeatKey, at: moment, connection) { () throws(StorageFailure) in
                let record = Record(
                    id: draft.id ?? ids.next(),
                    created: moment,
                    updated: moment,
                    version: 1,
                    values: values
                )
                try insert(record, collection, transaction(by: request.principal, at: moment), connection)
                return record
            } answer: {
                request.answer(.created($0))
            }
        }
        return settled.answer { request.answer(.created($0)) }
    }

    func authorizeCreation(in collection: Collection, by principal: Principal) throws(Failure) {
        guard isVisible(collection, to: principal) else { throw .notFound }
        guard allows(.create, collection, principal) else {
            throw Failure(.unauthenticated, "Records of \(collection.name) can't be created without an account.")
        }
    }

    /// Writes a new record with its links and its journal entry.
    func insert(
        _ record: Record,
        _ collection: Collection,
        _ transaction: Journal.Transaction,
        _ connection: any Connection
    ) throws(StorageFailure) {
        let table = try table(collection)
        var bindings: [Value] = [
            .identifier(record.id), .datetime(record.created), .datetime(record.updated), .integer(record.version),
        ]
        bindings.append(contentsOf: record.values)
        do throws(StorageFailure) {
            try connection.run(table.insert.binding(bindings))
            for links in table.links {
                try links.write(record.values[links.position], of: record.id, isNew: true, connection)
            }
        } catch {
            throw try explained(error, record, collection, connection)
        }
        try Journal.append(.created, table, before: nil, after: record, in: transaction, connection)
    }
}
