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
        guard allows(.update, collection, request.principal), allows(.read, collection, request.principal) else {
            throw .notFound
        }
        let draft = try Draft(input, for: collection, by: request.principal, isWhole: false)
        try Self.requireSameID(draft, id)
        let settled = try await engine.writing { connection throws(StorageFailure) in
            let moment = now()
            return try answering(request.repeatKey, at: moment, connection) { () throws(StorageFailure) in
                guard let current = try table(collection).record(id, connection) else { throw .refused(.notFound) }
                try precondition.check(current)
                let values: [Value]
                do throws(Failure) {
                    values = try draft.merged(into: current.values, of: collection)
                } catch {
                    throw .refused(error)
                }
                let transaction = transaction(by: request.principal, at: moment)
                return try change(current, to: values, collection, transaction, connection)
            } answer: {
                request.answer(.changed($0))
            }
        }
        return settled.answer { request.answer(.changed($0)) }
    }

    /// An id in the body may repeat the one of the address, and say nothing else.
    static func requireSameID(_ draft: Draft, _ id: Identifier) throws(Failure) {
        if let given = draft.id, given != id {
            throw .invalid([Fault("/id", .readOnly, "must be the id of the address, since it never changes")])
        }
    }
}
