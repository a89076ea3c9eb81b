import HTTPTypes
import OffstageRecords
import OffstageRules
import OffstageSchema

extension WebApp {
    /// GET /api/{collection}/summary: how many records there are and what they come to, in groups.
    func summary(_ collection: Collection, _ request: IncomingRequest) async throws(Failure) -> Reply {
        let arguments = request.query.arguments
        try request.query.allow(["group", "value", "filter"] + arguments.map { "arg.\($0.name)" })
        try request.wants("application/json")
        let view = records.view(of: collection, for: request.principal)
        try requireReading(view)
        let query = try SummaryQuery(
            group: request.query["group"],
            value: request.query["value"],
            filter: try filter(view, request, arguments),
            view
        )
        return Reply(.ok, .json, try await records.summary(view, query).bytes)
    }
}
