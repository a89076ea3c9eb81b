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
        return try await commit(try creation(input, view, granted: grant), request)
    }

    /// Reads what a new record is to be.
    func creation(_ input: Input, _ view: View, granted grant: Grant = .rule) throws(Failure) -> Creation {
        let isGranted = if case .form = grant { true } else { false }
        if !isGranted { try authorizeCreation(view) }
        return try Creation(try Draft(input, view, isWhole: true), view, isGranted: isGranted)
    }

    /// Refuses whom the rule refuses whatever the record is.
    func authorizeCreation(_ view: View) throws(Failure) {
        guard isVisible(view.collection, to: view.principal) else { throw .notFound }
        guard try view.permission(to: .create, of: .candidate) != .never else { throw view.creationRefusal }
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

/// A record to be made.
struct Creation: PreparedWrite {
    let draft: Draft
    let view: View
    let gate: Gate
    /// What the server sets, whoever asks, by the positions of the fields.
    var setting: [Int: Value] = [:]

    /// - Parameter isGranted: whether somebody else let the record in already, such as a form.
    init(_ draft: Draft, _ view: View, isGranted: Bool = false) throws(Failure) {
        self.draft = draft
        self.view = view
        gate = try view.creationGate(draft, isGranted: isGranted)
    }

    func perform(
        _ records: Records,
        in transaction: Journal.Transaction,
        _ connection: any Connection
    ) throws(StorageFailure) -> Written {
        .created(try records.shown(try store(records, in: transaction, connection), view, connection))
    }

    /// Writes the record when its gate lets it in.
    ///
    /// - Parameter id: the one of its address; nil for the one that the client gave, or a fresh one.
    /// - Returns: the whole record.
    func store(
        _ records: Records,
        as id: Identifier? = nil,
        in transaction: Journal.Transaction,
        _ connection: any Connection
    ) throws(StorageFailure) -> Record {
        let plain = Record(
            id: id ?? draft.id ?? records.ids.next(),
            created: draft.created ?? transaction.at,
            updated: draft.updated ?? draft.created ?? transaction.at,
            version: draft.version ?? 1,
            values: draft.initialValues(of: view.collection)
        )
        var record = try refusing { () throws(Failure) in try view.completed(plain, draft) }
        for (position, value) in setting where record.values.indices.contains(position) {
            record.values[position] = value
        }
        try decide(on: record, try records.table(view.collection), connection)
        try records.insert(record, view.collection, transaction, connection)
        return record
    }

    /// Goes on where the gate lets a new record in, and refuses the transaction where it does not. Whom the rule refuses
    /// learns nothing of what a record must have; what must be there comes before what must hold of it.
    private func decide(
        on candidate: Record,
        _ table: Table,
        _ connection: any Connection
    ) throws(StorageFailure) {
        let verdict = try gate.verdict(on: candidate, replacing: nil, table, connection)
        if case .refused = verdict { throw .refused(view.creationRefusal) }
        try refusing { () throws(Failure) in try Draft.requireComplete(candidate.values, of: view.collection) }
        if case .faults(let faults) = verdict { throw .refused(.invalid(faults)) }
    }
}
