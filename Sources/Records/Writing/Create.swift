import OffstageRules
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
        let view = view(of: collection, for: request.principal)
        let isGranted = if case .form = grant { true } else { false }
        if !isGranted { try authorizeCreation(view) }
        let draft = try Draft(input, view, isWhole: true)
        let gate = try view.creationGate(draft, isGranted: isGranted)
        let settled = try await engine.writing { connection throws(StorageFailure) in
            let moment = now()
            return try answering(request.repeatKey, at: moment, connection) { () throws(StorageFailure) in
                try admit(draft, as: draft.id ?? ids.next(), view, gate, at: moment, connection)
            } answer: {
                request.answer(.created($0))
            }
        }
        return settled.answer { request.answer(.created($0)) }
    }

    /// Refuses whom the rule refuses whatever the record is.
    func authorizeCreation(_ view: View) throws(Failure) {
        guard isVisible(view.collection, to: view.principal) else { throw .notFound }
        guard try view.permission(to: .create, of: .candidate) != .never else { throw view.creationRefusal }
    }

    /// Writes a new record when its gate lets it in.
    ///
    /// - Returns: the record as its maker may see it.
    func admit(
        _ draft: Draft,
        as id: Identifier,
        _ view: View,
        _ gate: Gate,
        at moment: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) -> Record {
        let table = try table(view.collection)
        let record = try refusing { () throws(Failure) in
            let values = draft.initialValues(of: view.collection)
            let plain = Record(id: id, created: moment, updated: moment, version: 1, values: values)
            return try view.completed(plain, draft)
        }
        try decide(gate, on: record, view, table, connection)
        try insert(record, view.collection, transaction(by: view.principal, at: moment), connection)
        let reading = try refusing { () throws(Failure) in try view.reading(table) }
        return try reading.shown(record, connection)
    }

    /// Goes on where the gate lets a new record in, and refuses the transaction where it does not. Whom the rule refuses
    /// learns nothing of what a record must have; what must be there comes before what must hold of it.
    func decide(
        _ gate: Gate,
        on candidate: Record,
        _ view: View,
        _ table: Table,
        _ connection: any Connection
    ) throws(StorageFailure) {
        let verdict = try gate.verdict(on: candidate, replacing: nil, table, connection)
        if case .refused = verdict { throw .refused(view.creationRefusal) }
        try refusing { () throws(Failure) in try Draft.requireComplete(candidate.values, of: view.collection) }
        if case .faults(let faults) = verdict { throw .refused(.invalid(faults)) }
    }

    /// Writes a new record with its links, its texts in the search and its journal entry.
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
            try table.search?.add(record, connection)
        } catch {
            throw try explained(error, record, collection, connection)
        }
        try Journal.append(.created, table, before: nil, after: record, in: transaction, connection)
    }
}
