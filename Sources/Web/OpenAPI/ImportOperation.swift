import OffstageSchema

extension OpenAPI.RecordOperations {
    /// POST /api/{collection}/import
    var importRows: OpenAPI.Operation {
        let rows: OpenAPI.Value = ["type": "array", "items": .schema(names.one + "Create")]
        return OpenAPI.Operation(
            method: "post",
            path: path + "/import",
            id: "import\(names.all)",
            tag: tag,
            summary: "Import many records, all or none",
            description: "A table as CSV with a header line (RFC 4180), JSON objects one a line, or an array of them. "
                + "One bad row and nothing is stored; the problem has an entry for each fault, with its line.",
            parameters: [.dryRun, .idempotencyKey],
            body: OpenAPI.Body(
                content: ["application/json", "application/x-ndjson", "text/csv"].map {
                    OpenAPI.Content(type: $0, schema: rows)
                },
                example: [OpenAPI.Example.record(collection.takenFields)]
            ),
            responses: [
                OpenAPI.Response(
                    status: 200,
                    description: "How many were stored; with `dry_run` how many would be.",
                    headers: [.idempotentReplayed],
                    content: [OpenAPI.Content(type: "application/json", schema: .schema("Imported"))]
                )
            ] + OpenAPI.Problems.responses(ofAWrite)
        )
    }

    static let imported: OpenAPI.Value = [
        "type": "object", "minProperties": 1, "maxProperties": 1,
        "properties": [
            "imported": ["type": "integer", "minimum": 0], "valid": ["type": "integer", "minimum": 0],
        ],
        "additionalProperties": false,
    ]
}
