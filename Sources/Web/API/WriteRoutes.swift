import HTTPTypes
import OffstageRecords
import OffstageSchema

extension WebApp {
    /// POST /api/{collection}
    func create(_ collection: Collection, _ request: IncomingRequest) async throws(Failure) -> Reply {
        try request.query.allow([])
        try request.wants("application/json")
        let content = try await InputBody.read(request)
        let write = try writeRequest(collection, request, body: content.bytes)
        return Reply(try await records.create(content.input, in: collection, write))
    }

    /// PATCH /api/{collection}/{id}
    func update(_ id: Identifier, _ collection: Collection, _ request: IncomingRequest) async throws(Failure) -> Reply {
        try request.query.allow([])
        try request.wants("application/json")
        let content = try await InputBody.read(request)
        let write = try writeRequest(collection, request, body: content.bytes)
        let precondition = EntityTag.precondition(request.headers)
        return Reply(try await records.update(id, with: content.input, in: collection, if: precondition, write))
    }

    /// PUT /api/{collection}/{id}
    func replace(_ id: Identifier, _ collection: Collection, _ request: IncomingRequest) async throws(Failure) -> Reply
    {
        try request.query.allow([])
        try request.wants("application/json")
        let content = try await InputBody.read(request)
        let write = try writeRequest(collection, request, body: content.bytes)
        let precondition = EntityTag.precondition(request.headers)
        return Reply(try await records.replace(id, with: content.input, in: collection, if: precondition, write))
    }

    /// DELETE /api/{collection}/{id}
    func delete(_ id: Identifier, _ collection: Collection, _ request: IncomingRequest) async throws(Failure) -> Reply {
        try request.query.allow([])
        let write = try writeRequest(collection, request, body: [])
        let precondition = EntityTag.precondition(request.headers)
        return Reply(try await records.delete(id, in: collection, if: precondition, write))
    }

    /// The write of an API request: who asks, the key of a repeat, and the record as the answer.
    private func writeRequest(
        _ collection: Collection,
        _ request: IncomingRequest,
        body: [UInt8]
    ) throws(Failure) -> WriteRequest {
        let json = records.json(of: collection)
        return WriteRequest(by: request.principal, repeatKey: try request.repeatKey(body: body)) { written in
            switch written {
            case .created(let record):
                var answer = Self.answer(201, record, collection, json)
                answer.headers.append(("Location", "/api/\(collection.name)/\(record.id)"))
                return answer
            case .changed(let record): return Self.answer(200, record, collection, json)
            case .deleted: return Answer(status: 204)
            }
        }
    }

    private static func answer(
        _ status: Int,
        _ record: Record,
        _ collection: Collection,
        _ json: RecordJSON
    ) -> Answer {
        Answer(
            status: status,
            headers: [("Content-Type", MediaType.json.text), ("ETag", EntityTag.of(record, in: collection))],
            body: json.bytes(record)
        )
    }
}

extension IncomingRequest {
    /// The key of the header Idempotency-Key, a string in quotes or bare.
    func repeatKey(body: [UInt8]) throws(Failure) -> RepeatKey? {
        guard headers[.idempotencyKey] != nil else { return nil }
        var fingerprint = RepeatKey.Fingerprint()
        fingerprint.add(body)
        return try repeatKey(body: fingerprint)
    }

    func repeatKey(body: RepeatKey.Fingerprint) throws(Failure) -> RepeatKey? {
        guard var key = headers[.idempotencyKey] else { return nil }
        if key.count >= 2, key.hasPrefix("\""), key.hasSuffix("\"") { key = String(key.dropFirst().dropLast()) }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw Failure(.malformed, "Idempotency-Key: must have 1 to 255 printable ASCII characters.")
        }
        return RepeatKey(key: key, scope: "\(principal.actor) \(method.rawValue) \(rawPath)", body: body)
    }
}
