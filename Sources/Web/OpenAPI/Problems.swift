import HTTPTypes
import OffstageSchema

extension OpenAPI {
    /// Problems (RFC 9457) as the document tells them: their schemas, and one shared response a status.
    enum Problems {
        static func schemas() -> [(String, Value)] {
            [("Problem", problem), ("Fault", fault)]
        }

        private static let problem: Value = [
            "type": "object",
            "description": "Why a request was not done (RFC 9457).",
            "required": ["type", "title", "status", "detail", "code", "request"],
            "properties": .object([
                (
                    "type",
                    [
                        "type": "string", "format": "uri-reference",
                        "description": "A page of this server that explains the code.",
                    ]
                ),
                ("title", ["type": "string"]),
                ("status", ["type": "integer", "minimum": 400, "maximum": 599]),
                ("detail", ["type": "string", "description": "One or two sentences about this request."]),
                (
                    "code",
                    [
                        "type": "string", "enum": .texts(Failure.Kind.allCases.map(\.rawValue)),
                        "description": "Stable: a code never changes its meaning.",
                    ]
                ),
                ("request", ["type": "string", "description": "The request's id, which is in the server's log too."]),
                (
                    "errors",
                    [
                        "type": "array", "minItems": 1, "items": .schema("Fault"),
                        "description": "One entry a value that is wrong, all at once.",
                    ]
                ),
            ]),
        ]

        private static let pointerMeaning =
            "Into the body (RFC 6901): `/email`, `/tags/2`; empty for the whole. "
            + "In an import the line comes first: `/17/price`."

        private static let fault: Value = [
            "type": "object",
            "required": ["pointer", "code", "message"],
            "properties": .object([
                (
                    "pointer",
                    [
                        "type": "string", "format": "json-pointer",
                        "description": .text(pointerMeaning),
                    ]
                ),
                ("code", ["type": "string", "enum": .texts(Fault.Code.allCases.map(\.rawValue))]),
                ("message", ["type": "string", "description": "A sentence for people."]),
            ]),
        ]

        /// The shared responses: one for each status that is a problem.
        static func components() -> [(String, Value)] {
            statuses.map { (name($0), response($0).whole) }
        }

        /// The problems of an operation, by status.
        static func responses(_ statuses: [Int]) -> [Response] {
            Set(statuses).sorted().map(response)
        }

        private static let kinds = Dictionary(grouping: Failure.Kind.allCases) { Problem.status($0).code }
        private static let statuses = kinds.keys.sorted()

        private static func response(_ status: Int) -> Response {
            let kinds = kinds[status] ?? []
            let words = kinds.map { "`\($0.rawValue)`: \(Problem.title($0))." }
            return Response(
                status: status,
                description: words.joined(separator: " "),
                component: name(status),
                headers: headers(status),
                content: [Content(type: "application/problem+json", schema: .schema("Problem"))]
            )
        }

        /// `not_found` as `NotFoundProblem`; the first code of a status names it.
        private static func name(_ status: Int) -> String {
            Names.pascal(kinds[status]?.first?.rawValue ?? "other") + "Problem"
        }

        private static func headers(_ status: Int) -> [ResponseHeader] {
            switch status {
            case 401: [.wwwAuthenticate]
            case 405: [.allow]
            case 429: [.retryAfter, .rateLimit, .rateLimitPolicy]
            case 503, 507: [.retryAfter]
            default: []
            }
        }

        /// What was tried too often: passwords, codes, mails. Unlike the limits of forms, these are not told beforehand.
        static let throttled = Response(
            status: 429,
            description: "`rate_limited`: It was tried too often.",
            headers: [.retryAfter],
            content: [Content(type: "application/problem+json", schema: .schema("Problem"))]
        )

        /// What may happen to any request: it arrives too slowly or with too much, or the server can't answer.
        static let ofEveryRequest = [400, 408, 431, 500, 503]
        /// What may happen to any request that may be somebody's: a session that has ended, or was never one.
        static let ofEveryAsker = ofEveryRequest + [401]
        /// What may happen to any request with a body.
        static let ofEveryBody = [413, 415]
        /// What may happen to any write, whatever it writes.
        static let ofEveryWrite = [409, 422, 507]
    }
}
