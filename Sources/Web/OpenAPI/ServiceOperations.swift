import OffstageSchema

extension OpenAPI {
    /// What every app serves beside its collections and forms.
    enum ServiceOperations {
        static let tag = "The server"
        private static let page = [Content(type: "text/html", schema: ["type": "string"])]

        static let all = [health, document, documentPage, problems, problem]

        static let healthSchema: Value = [
            "type": "object", "required": ["status"], "properties": ["status": ["const": "ok", "type": "string"]],
        ]

        private static let health = Operation(
            method: "get",
            path: "/health",
            id: "getHealth",
            tag: tag,
            summary: "Whether a write can commit",
            responses: [
                Response(
                    status: 200,
                    description: "It can.",
                    content: [Content(type: "application/json", schema: .schema("Health"))]
                )
            ] + Problems.responses(Problems.ofEveryRequest + [507])
        )

        private static let document = Operation(
            method: "get",
            path: "/openapi.json",
            id: "getOpenAPI",
            tag: tag,
            summary: "This document",
            parameters: [.ifNoneMatchForReading],
            responses: [
                Response(
                    status: 200,
                    description: "OpenAPI 3.1.",
                    headers: [.eTag],
                    content: [Content(type: "application/json", schema: ["type": "object"])]
                ),
                Response(status: 304, description: "The client has it already.", headers: [.eTag]),
            ] + Problems.responses(Problems.ofEveryRequest)
        )

        private static let documentPage = pages("/docs", "getDocs", "This document for people", [])

        private static let problems = pages("/problems", "listProblems", "All problems, for people", [])

        private static let problem = pages(
            "/problems/{code}",
            "getProblem",
            "What one problem means and what to do, for people",
            [
                Parameter(
                    name: "code",
                    place: .path,
                    description: "The problem's code.",
                    schema: ["type": "string", "enum": .texts(Failure.Kind.allCases.map(\.rawValue))],
                    example: Failure.Kind.invalid.rawValue
                )
            ]
        )

        private static func pages(_ path: String, _ id: String, _ summary: String, _ parameters: [Parameter])
            -> Operation
        {
            Operation(
                method: "get",
                path: path,
                id: id,
                tag: tag,
                summary: summary,
                parameters: parameters,
                responses: [Response(status: 200, description: "A page.", content: page)]
                    + Problems.responses(Problems.ofEveryRequest + (parameters.isEmpty ? [] : [404]))
            )
        }
    }
}
