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
        let draft = try Draft(input, view, isWhole: true)
        try Self.requireSameID(draft, id)
        let readable = try view.permission(to: .read)
        let (creation, changing) = (try view.creationGate(draft), try view.changeGate(draft))
        let settled = try await engine.writing { connection throws(StorageFailure) in
            let moment = now()
            return try answering(request.repeatKey, at: moment, connection) { () throws(StorageFailure) in
                guard let current = try record(id, collection, where: .always, connection) else {
                    guard creation.rule != .never else { throw .refused(view.creationRefusal) }
                    try precondition.check(nil)
                    return Written.created(try admit(draft, as: id, view, creation, at: moment, connection))
                }
                // Whether a record is there must not show to whom may not read it.
                guard try record(id, collection, where: readable, connection) != nil else { throw .refused(.notFound) }
                let values = draft.replacing(current.values, view)
                try refusing { () throws(Failure) in try Draft.requireComplete(values, of: collection) }
                return Written.changed(
                    try alter(current, to: values, view, changing, if: precondition, at: moment, connection)
                )
            } answer: {
                request.answer($0)
            }
        }
        return settled.answer { request.answer($0) }
    }
}
