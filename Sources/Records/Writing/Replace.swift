import OffstageRules
package import OffstageSchema
import OffstageStorage

extension Records {
    /// Stores a record under the id that the client chose, or replaces the whole of the one that is there: fields
    /// that are not sent get their initial values.
    ///
    /// - Throws: as `create` and `update` do.
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
        draft = try Draft(input, view, isWhole: true)
        try Records.requireSameID(draft, id)
        readable = try view.permission(to: .read)
        creation = try Creation(draft, view)
        change = GatedChange(view: view, gate: try view.changeGate(draft), precondition: precondition)
        self.id = id
        self.view = view
    }

    func perform(
        _ records: Records,
        in transaction: Journal.Transaction,
        _ connection: any Connection
    ) throws(StorageFailure) -> Written {
        guard let current = try records.record(id, view.collection, where: .always, connection) else {
            guard creation.gate.rule != .never else { throw .refused(view.creationRefusal) }
            try change.precondition.check(nil)
            let record = try creation.store(records, as: id, in: transaction, connection)
            return .created(try records.shown(record, view, connection))
        }
        // Whether a record is there must not show to whom may not read it.
        guard try records.record(id, view.collection, where: readable, connection) != nil else {
            throw .refused(.notFound)
        }
        let values = draft.replacing(current.values, view)
        try refusing { () throws(Failure) in try Draft.requireComplete(values, of: view.collection) }
        return .changed(try change.perform(on: current, to: values, records, in: transaction, connection))
    }
}
