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
        let permission = try view.permission(to: .read)
        guard permission != .never, try view.permission(to: .update) != .never else { throw .notFound }
        let draft = try Draft(input, view, isWhole: false)
        try Self.requireSameID(draft, id)
        let gate = try view.changeGate(draft)
        let settled = try await engine.writing { connection throws(StorageFailure) in
            let moment = now()
            return try answering(request.repeatKey, at: moment, connection) { () throws(StorageFailure) in
                guard let current = try record(id, collection, where: permission, connection) else {
                    throw .refused(.notFound)
                }
                let values = try refusing { () throws(Failure) in
                    try draft.merged(into: current.values, of: collection)
                }
                return try alter(current, to: values, view, gate, if: precondition, at: moment, connection)
            } answer: {
                request.answer(.changed($0))
            }
        }
        return settled.answer { request.answer(.changed($0)) }
    }

    /// Changes a record that its reader sees, when its gate lets the change happen.
    ///
    /// - Returns: the record as its changer may see it.
    func alter(
        _ current: Record,
        to values: [Value],
        _ view: View,
        _ gate: Gate,
        if precondition: Precondition,
        at moment: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) -> Record {
        let table = try table(view.collection)
        let candidate = Record(
            id: current.id,
            created: current.created,
            updated: moment,
            version: current.version + 1,
            values: values
        )
        let verdict = try gate.verdict(on: candidate, replacing: current.id, table, connection)
        if case .refused = verdict { throw .refused(.notFound) }
        try precondition.check(current)
        if case .faults(let faults) = verdict { throw .refused(.invalid(faults)) }
        let transaction = transaction(by: view.principal, at: moment)
        let changed = try change(current, to: values, view.collection, transaction, connection)
        let reading = try refusing { () throws(Failure) in try view.reading(table) }
        return try reading.shown(changed, connection)
    }

    /// An id in the body may repeat the one of the address, and say nothing else.
    static func requireSameID(_ draft: Draft, _ id: Identifier) throws(Failure) {
        if let given = draft.id, given != id {
            throw .invalid([Fault("/id", .readOnly, "must be the id of the address, since it never changes")])
        }
    }
}
