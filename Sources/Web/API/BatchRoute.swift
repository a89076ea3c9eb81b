import HTTPTypes
import OffstageRecords
import OffstageSchema

extension WebApp {
    /// POST /api/batch: many writes in one transaction, all or none.
    func batch(_ request: IncomingRequest) async throws(Failure) -> Reply {
        try request.query.allow([])
        try request.wants("application/json")
        guard BodyReader.mediaType(request.headers) == "application/json" else {
            throw Failure(.unsupportedMediaType, "A batch must be application/json.")
        }
        let bytes = try await BodyReader.read(request)
        let batch = try Batch(try InputBody.parse(bytes))
        let repeatKey = try request.repeatKey(body: bytes)
        return Reply(try await records.batch(batch, by: request.principal, repeatKey: repeatKey))
    }
}
