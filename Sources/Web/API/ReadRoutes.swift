import HTTPTypes
import OffstageRecords
import OffstageRules
import OffstageSchema

extension WebApp {
    /// GET /api/{collection}/{id}
    func read(_ id: Identifier, _ collection: Collection, _ request: IncomingRequest) async throws(Failure) -> Reply {
        try request.query.allow(["fields", "expand"])
        try request.wants("application/json")
        let view = records.view(of: collection, for: request.principal)
        try requireReading(view)
        let json = try recordJSON(view, request)
        if let text = request.query["expand"] {
            let expansion = try Expansion(text, view, records)
            let (record, expanded) = try await records.read(id, view, expanding: expansion)
            // No tag: what comes along changes without the record.
            return Reply(.ok, .json, json.bytes(record, with: expanded))
        }
        let (record, _) = try await records.read(id, view)
        let tag = EntityTag.of(record, in: collection)
        if let header = request.headers[.ifNoneMatch], EntityTag.list(header, names: tag) {
            return Reply(.notModified, headers: [.eTag: tag])
        }
        var reply = Reply(.ok, .json, json.bytes(record))
        reply.headers.append(HTTPField(name: .eTag, value: tag))
        return reply
    }

    /// Nothing is told of the fields of what can't be read: this comes before any parameter that names one.
    func requireReading(_ view: View) throws(Failure) {
        guard !view.isClosed(to: .read) else { throw .notFound }
    }

    /// The members that the parameter `fields` asks for.
    func recordJSON(_ view: View, _ request: IncomingRequest) throws(Failure) -> RecordJSON {
        guard let text = request.query["fields"] else { return records.json(of: view.collection) }
        return RecordJSON(view.collection, fields: try fieldNames(text, view))
    }

    func fieldNames(_ text: String, _ view: View) throws(Failure) -> [String] {
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        for name in names {
            guard view.shows(name) else {
                throw Failure(.malformed, "fields: \"\(name.prefix(80))\" is not a field of \(view.collection.name).")
            }
        }
        return names
    }
}

extension IncomingRequest {
    /// Refuses when the client does not take the only type that there is.
    func wants(_ type: String) throws(Failure) {
        guard headers[.accept] == nil || Accept(headers).best(of: [type, "application/problem+json"]) != nil else {
            throw Failure(.notAcceptable, "The answer is \(type), which the header Accept does not name.")
        }
    }
}
