import OffstageRules
package import OffstageSchema
import OffstageStorage

extension Records {
    /// Changes a record by a merge patch (RFC 7396): the members that are sent, and nothing else.
    ///
    /// - Throws: `.notFound` when there is none or it is not the caller's to see or change, `.stale` when the
    ///   precondition fails, `.invalid`, `.conflict`.
    package func update(
        _ id: Identifier,
        with input: Input,
        in collection: Collection,
        if precondition: Precondition = .none,
        _ request: WriteRequest
    ) async throws(Failure) -> Answer {
        let view = view(of: collection, for: request.principal)
        return try await commit(try Patching(id, with: input, view, if: precondition), request)
    }

    /// An id in the body may repeat the one of the address, and say nothing else.
    static func requireSameID(_ draft: Draft, _ id: Identifier) throws(Failure) {
        if let given = draft.id, given != id {
            throw .invalid([Fault("/id", .readOnly, "must be the id of the address, since it never changes")])
        }
    }
}

/// A merge patch of one record.
struct Patching: PreparedWrite {
    private let id: Identifier
    private let draft: Draft
    private let view: View
    private let readable: Permission
    private let change: GatedChange

    init(_ id: Identifier, with input: Input, _ view: View, if precondition: Precondition) throws(Failure) {
        readable = try view.permission(to: .read)
        guard readable != .never, try view.permission(to: .update) != .never else { throw .notFound }
        draft = try Draft(input, view, isWhole: false)
        try Records.requireSameID(draft, id)
        change = GatedChange(
            view: view,
            gate: try view.changeGate(draft),
            precondition: precondition,
            setsHidden: draft.values.keys.contains { !view.showsAlways($0) }
        )
        self.id = id
        self.view = view
    }

    func perform(
        _ records: Records,
        in transaction: Journal.Transaction,
        _ connection: any Connection
    ) throws(StorageFailure) -> Written {
        guard let current = try records.record(id, view.collection, where: readable, connection) else {
            throw .refused(.notFound)
        }
        let values: [Value]
        do throws(Failure) {
            values = try draft.merged(into: current.values, of: view.collection)
        } catch {
            // Who may not change the record, or another version of it, does not learn what is wrong with the values.
            try change.admit(current, as: current.values, records, in: transaction, connection)
            throw .refused(error)
        }
        return .changed(try change.perform(on: current, to: values, records, in: transaction, connection))
    }
}

/// What a stored record must go through to be changed, by a patch or as a whole.
struct GatedChange {
    let view: View
    let gate: Gate
    let precondition: Precondition
    /// Whether fields are set that the writer may not always read: then even the same values are a change.
    var setsHidden = false
    /// Whether the values are a whole record, which must have all that is required.
    var isWhole = false

    /// Changes a record that its reader sees, when its gate lets the change happen. The rule comes first, then the
    /// precondition, then what is wrong with the values.
    ///
    /// - Returns: the record as its changer may see it.
    func perform(
        on current: Record,
        to values: [Value],
        _ records: Records,
        in transaction: Journal.Transaction,
        _ connection: any Connection
    ) throws(StorageFailure) -> Record {
        try admit(current, as: values, records, in: transaction, connection)
        let changed = try records.change(
            current,
            to: values,
            view.collection,
            transaction,
            evenIfSame: setsHidden,
            connection
        )
        return try records.shown(changed, view, connection)
    }

    /// Throws where the record may not become what it would be.
    func admit(
        _ current: Record,
        as values: [Value],
        _ records: Records,
        in transaction: Journal.Transaction,
        _ connection: any Connection
    ) throws(StorageFailure) {
        let candidate = Record(
            id: current.id,
            created: current.created,
            updated: transaction.at,
            version: current.version + 1,
            values: values
        )
        let table = try records.table(view.collection)
        let verdict = try gate.verdict(on: candidate, replacing: current.id, table, connection)
        if case .refused = verdict { throw .refused(.notFound) }
        try precondition.check(current)
        if isWhole {
            try refusing { () throws(Failure) in try Draft.requireComplete(values, of: view.collection) }
        }
        if case .faults(let faults) = verdict { throw .refused(.invalid(faults)) }
    }
}
