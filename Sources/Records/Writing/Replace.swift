import OffstageRules
package import OffstageSchema
import OffstageStorage

extension Records {
    /// Stores a record under the id that the client chose, or replaces the whole of the one that is there: fields
    /// that are not sent get their initial values.
    ///
    /// - Throws: as `create` does where the caller sees no record, and as `update` does where they see one.
    package func replace(
        _ id: Identifier,
        with input: Input,
        in collection: Collection,
        if precondition: Precondition = .none,
        _ request: WriteRequest
    ) async throws(Failure) -> Answer {
        guard isVisible(collection, to: request.principal) else { throw .notFound }
        let view = view(of: collection, for: request.principal)
        return try await commit(try Replacement(id, with: input, view, if: precondition), request)
    }
}

/// A whole record under a given id, which may be there or not.
struct Replacement: PreparedWrite {
    private let id: Identifier
    private let draft: Draft
    private let view: View
    private let readable: Permission
    private let creation: Creation
    private let change: GatedChange

    init(_ id: Identifier, with input: Input, _ view: View, if precondition: Precondition) throws(Failure) {
        try Self.authorize(view)
        draft = try Draft(input, view, isWhole: true)
        try Records.requireSameID(draft, id)
        readable = try view.permission(to: .read)
        creation = try Creation(draft, view)
        change = GatedChange(
            view: view,
            gate: try view.changeGate(draft),
            precondition: precondition,
            setsHidden: view.collection.fields.indices.contains { view.takes($0) && !view.showsAlways($0) },
            isWhole: true
        )
        self.id = id
        self.view = view
    }

    /// Refuses whom the rules refuse whatever the record is, and whether it is there or not.
    private static func authorize(_ view: View) throws(Failure) {
        guard try view.permission(to: .create, of: .candidate) == .never else { return }
        let changeable = try view.permission(to: .read).and(view.permission(to: .update))
        guard changeable != .never else { throw view.creationRefusal }
    }

    func perform(
        _ records: Records,
        in transaction: Journal.Transaction,
        _ connection: any Connection
    ) throws(StorageFailure) -> Written {
        // What the caller may not read is as if it were not there: all that stands before a creation is asked the same way,
        // and only who gets through all of it meets the id that is taken.
        guard let current = try records.record(id, view.collection, where: readable, connection) else {
            guard creation.gate.rule != .never else { throw .refused(view.creationRefusal) }
            try change.precondition.check(nil)
            guard !connection.writesAlone else { return try create(records, in: transaction, connection) }
            do throws(StorageFailure) {
                return try connection.attempt { () throws(StorageFailure) in
                    try create(records, in: transaction, connection)
                }
            } catch .unique(let columns) {
                // Somebody else may have created it since it was looked for: then it is replaced, as if they had come first.
                guard let current = try records.record(id, view.collection, where: readable, connection) else {
                    throw .unique(columns: columns)
                }
                return try replace(current, records, in: transaction, connection)
            } catch {
                throw error
            }
        }
        return try replace(current, records, in: transaction, connection)
    }

    private func create(
        _ records: Records,
        in transaction: Journal.Transaction,
        _ connection: any Connection
    ) throws(StorageFailure) -> Written {
        let record = try creation.store(records, as: id, in: transaction, connection)
        return .created(try records.shown(record, view, connection))
    }

    private func replace(
        _ current: Record,
        _ records: Records,
        in transaction: Journal.Transaction,
        _ connection: any Connection
    ) throws(StorageFailure) -> Written {
        let values = draft.replacing(current.values, view)
        return .changed(
            try change.perform(on: current, to: values, records, in: transaction, connection)
        )
    }
}
