package import OffstageSchema
import OffstageStorage

extension Records {
    /// One record by its id.
    ///
    /// - Throws: `.notFound` when there is none, and just so when it is not the caller's to see.
    package func read(
        _ id: Identifier,
        in collection: Collection,
        by principal: Principal
    ) async throws(Failure) -> Record {
        guard allows(.read, collection, principal) else { throw .notFound }
        let record = try await engine.reading(.bounded) { connection throws(StorageFailure) in
            try table(collection).record(id, connection)
        }
        guard let record else { throw .notFound }
        return record
    }
}
