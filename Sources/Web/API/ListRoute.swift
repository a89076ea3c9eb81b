import HTTPTypes
import OffstageRecords
import OffstageRules
import OffstageSchema

extension WebApp {
    private static let listParameters = ["filter", "sort", "limit", "after", "fields", "count", "expand", "search"]

    /// GET /api/{collection}, as a page of JSON or as a stream of all records.
    func list(_ collection: Collection, _ request: IncomingRequest) async throws(Failure) -> Reply {
        let arguments = request.query.arguments
        try request.query.allow(Self.listParameters + arguments.map { "arg.\($0.name)" })
        let view = records.view(of: collection, for: request.principal)
        try requireReading(view)
        let query = try listQuery(view, request, arguments)
        switch Accept(request.headers).best(of: ["application/json", "text/csv", "application/x-ndjson"]) {
        case "text/csv": return try await export(view, query, .csv, request)
        case "application/x-ndjson": return try await export(view, query, .ndjson, request)
        case "application/json": break
        default: try request.wants("application/json")
        }
        let json = try recordJSON(view, request)
        let page = try await records.list(view, query)
        var writer = JSONWriter(capacity: 256 * (page.records.count + 1))
        writer.raw("{\"items\":[")
        for (index, record) in page.records.enumerated() {
            if index > 0 { writer.raw(",") }
            json.write(record, to: &writer, with: page.expanded)
        }
        writer.raw("],\"next\":")
        let next = page.next?.text
        if let next { writer.quoted(next) } else { writer.raw("null") }
        if let total = page.total {
            writer.raw(",\"total\":")
            writer.write(total)
        }
        writer.raw("}")
        var reply = Reply(.ok, .json, writer.bytes)
        reply.headers.append(HTTPField(name: .vary, value: "Accept"))
        if let next { reply.headers[.link] = "<\(nextPage(request, next))>; rel=\"next\"" }
        return reply
    }

    private func listQuery(
        _ view: View,
        _ request: IncomingRequest,
        _ arguments: [(name: String, value: String)]
    ) throws(Failure) -> ListQuery {
        var query = ListQuery()
        if let text = request.query["search"] {
            query.search = try Search(text, view)
            query.sort = .byRank
        }
        if let text = request.query["sort"] {
            query.sort = try Sort(text, view)
        }
        if let text = request.query["limit"] {
            guard let limit = Int(text), (1...ListQuery.largestLimit).contains(limit) else {
                throw Failure(.malformed, "limit: must be a number from 1 to \(ListQuery.largestLimit).")
            }
            query.limit = limit
        }
        if let text = request.query["after"] {
            query.after = try Cursor(text, view)
        }
        query.filter = try filter(view, request, arguments)
        if let text = request.query["expand"] {
            query.expansion = try Expansion(text, view, records)
        }
        switch request.query["count"] {
        case nil, "false": break
        case "true": query.count = true
        default: throw Failure(.malformed, "count: must be true or false.")
        }
        return query
    }

    /// What the parameters `filter` and `arg.<name>` ask for.
    func filter(
        _ view: View,
        _ request: IncomingRequest,
        _ arguments: [(name: String, value: String)]
    ) throws(Failure) -> Permission {
        if let text = request.query["filter"] { return try view.filter(text, arguments: arguments) }
        if let first = arguments.first {
            throw Failure(.malformed, "The parameter \"arg.\(first.name.prefix(80))\" needs a filter that uses it.")
        }
        return .always
    }

    /// The address of the next page: this one's, with its cursor.
    private func nextPage(_ request: IncomingRequest, _ cursor: String) -> String {
        let kept = request.query.parameters.filter { $0.name != "after" } + [("after", cursor)]
        let query = kept.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
        return request.rawPath + "?" + query.joined(separator: "&")
    }
}

extension Query {
    /// The values for a filter: `arg.most=20` is `arg.most` in it, a text.
    var arguments: [(name: String, value: String)] {
        parameters.compactMap { name, value in
            name.hasPrefix("arg.") ? (String(name.dropFirst("arg.".count)), value) : nil
        }
    }
}
