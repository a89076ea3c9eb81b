import OffstageSchema

/// The requests that come with a feature (`OpenAPI.Features`).
extension OpenAPI.RecordOperations {
    /// GET /api/{collection}/summary
    var summary: OpenAPI.Operation {
        let text: OpenAPI.Value = ["type": "string", "minLength": 1]
        return OpenAPI.Operation(
            method: "get",
            path: path + "/summary",
            id: "summarize\(names.all)",
            tag: tag,
            summary: "Counts and sums by group",
            parameters: [
                OpenAPI.Parameter(
                    name: "group",
                    place: .query,
                    description: "Fields to group by: `state,month(created)`.",
                    schema: text
                ),
                OpenAPI.Parameter(
                    name: "value",
                    place: .query,
                    description: "What to work out: `count(),sum(price)`.",
                    schema: text,
                    example: "count()"
                ),
                .filter, .argument,
            ],
            responses: [
                OpenAPI.Response(
                    status: 200,
                    description: "One entry a group.",
                    content: [OpenAPI.Content(type: "application/json", schema: Self.groups)]
                )
            ] + OpenAPI.Problems.responses(OpenAPI.Problems.ofEveryRequest + [406])
        )
    }

    private static let groups: OpenAPI.Value = [
        "type": "object", "required": ["groups"],
        "properties": ["groups": ["type": "array", "items": ["type": "object"]]],
    ]
}

extension Collection {
    var offersAnyWrite: Bool { offersCreation || offersUpdate || offersDeletion }
}

extension OpenAPI {
    /// POST /api/batch
    enum BatchOperation {
        static let operation = Operation(
            method: "post",
            path: "/api/batch",
            id: "batch",
            tag: ServiceOperations.tag,
            summary: "Many operations in one transaction, all or none",
            parameters: [.idempotencyKey],
            body: Body(
                content: [Content(type: "application/json", schema: .schema("Batch"))],
                example: ["operations": [["delete": "things/0192f0c1-2d3e-7abc-8def-0123456789ab"]]]
            ),
            responses: [
                Response(
                    status: 200,
                    description: "The results, in the order of the operations.",
                    headers: [.idempotentReplayed],
                    content: [Content(type: "application/json", schema: .schema("BatchResults"))]
                )
            ]
                + Problems.responses(
                    Problems.ofEveryRequest + Problems.ofEveryBody + Problems.ofEveryWrite + [401, 403, 404, 406, 412]
                )
        )

        static let schemas: [(String, Value)] = [
            (
                "Batch",
                [
                    "type": "object", "required": ["operations"], "additionalProperties": false,
                    "properties": [
                        "operations": ["type": "array", "minItems": 1, "maxItems": 100, "items": .schema("BatchStep")]
                    ],
                ]
            ),
            ("BatchStep", step),
            (
                "BatchResults",
                [
                    "type": "object", "required": ["results"],
                    "properties": ["results": ["type": "array", "items": ["type": "object"]]],
                ]
            ),
        ]

        private static let step: Value = [
            "type": "object", "additionalProperties": false,
            "properties": [
                "create": ["type": "string", "description": "The collection of a new record."],
                "update": ["type": "string", "description": "`collection/id`"],
                "delete": ["type": "string", "description": "`collection/id`"],
                "as": ["type": "string", "description": "A name for later operations: `@name.id`."],
                "if_version": ["type": "integer", "minimum": 1],
                "values": ["type": "object"],
            ],
        ]
    }
}
