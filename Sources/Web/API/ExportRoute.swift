import HTTPTypes
import OffstageRecords
import OffstageRules
import OffstageSchema

extension WebApp {
    /// All records from the query's place on, in its order, as a stream in constant memory.
    func export(
        _ view: View,
        _ query: ListQuery,
        _ format: ExportFormat,
        _ request: IncomingRequest
    ) async throws(Failure) -> Reply {
        let isPage = ["limit", "count", "expand"].contains { request.query[$0] != nil }
        guard !isPage else {
            throw Failure(.malformed, "limit, count and expand belong to JSON pages; this stream has all records.")
        }
        let collection = view.collection
        let names = try request.query["fields"].map { text throws(Failure) in
            try fieldNames(text, view)
        }
        let rows = ExportRows(collection, format, fields: names ?? view.names, hidden: request.principal.isTeam)
        var query = query
        query.limit = ListQuery.largestLimit
        // The first page is read before the answer starts, so that a failure is still a problem.
        let first = try await records.list(view, query)
        let start = query
        var reply = Reply(.ok, headers: [.contentType: (format == .csv ? MediaType.csv : .ndjson).text])
        reply.headers[.vary] = "Accept"
        reply.headers[.contentDisposition] = "attachment; filename=\"\(collection.name).\(format.rawValue)\""
        reply.body = .stream(length: nil) { [records] writer in
            try await writer.write(rows.header)
            var page = first
            var query = start
            while true {
                if !page.records.isEmpty { try await writer.write(rows.bytes(page.records)) }
                guard let next = page.next else { return }
                query.after = next
                page = try await records.list(view, query)
            }
        }
        return reply
    }
}
