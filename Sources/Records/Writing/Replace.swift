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
        let draft = try Draft(input, for: collection, by: request.principal, isWhole: true)
        try Self.requireSameID(draft, id)
        let settled = try await engine.writing { connection throws(StorageFailure) in
            let moment = now()
            return try answering(request.repeatKey, at: moment, connection) { () throws(StorageFailure) in
                let current = try table(collection).record(id, connection)
                let transaction = transaction(by: request.principal, at: moment)
                do throws(Failure) {
                    // Whether a record is there must not show to whom may not read it.
                    if current != nil, !allows(.read, collection, request.principal) { throw .notFound }
                    if current == nil { try authorizeCreation(in: collection, by: request.principal) }
                    if current != nil, !allows(.update, collection, request.principal) { throw .notFound }
                } catch {
                    throw .refused(error)
                }
                try precondition.check(current)
                let values: [Value]
                do throws(Failure) {
                    let whole =
                        current.map { draft.replacing($0.values, of: collection, by: request.principal) } ?? draft
                    values = try whole.completed(for: collection)
                } catch {
                    throw .refused(error)
                }
                guard let current else {
                    let record = Record(id: id, created: moment, updated: moment, version: 1, values: values)
                    try insert(record, collection, transaction, connection)
                    return Written.created(record)
                }
                return Written.changed(try change(current, to: values, collection, transaction, connection))
            } answer: {
                request.answer($0)
            }
        }
        return settled.answer { request.answer($0) }
    }
}
