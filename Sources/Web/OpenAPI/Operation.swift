import OffstageSchema

extension OpenAPI {
    /// What the document says of one method of one path.
    struct Operation: Sendable {
        var method: String
        var path: String
        /// Unique; generators make method names of it.
        var id: String
        var tag: String
        var summary: String
        var description = ""
        var parameters: [Parameter] = []
        var body: Body?
        var security = Security.none
        var responses: [Response]

        var json: Value {
            var value: Value = [
                "operationId": .text(id), "tags": .texts([tag]), "summary": .text(summary),
            ]
            if !description.isEmpty { value["description"] = .text(description) }
            if !parameters.isEmpty { value["parameters"] = .list(parameters.map(\.json)) }
            if let body { value["requestBody"] = body.json }
            if let security = security.json { value["security"] = security }
            value["responses"] = .object(responses.map { (String($0.status), $0.json) })
            return value
        }
    }

    /// Whose request it may be.
    enum Security: Sendable {
        /// Nobody is asked.
        case none
        /// Anybody's, and what they get depends on who they are.
        case optional
        /// Of somebody who is signed in, by a session or a key.
        case needed

        var json: Value? {
            let ways: [Value] = [["bearer": []], ["cookie": []]]
            return switch self {
            case .none: nil
            case .optional: .list([.object([])] + ways)
            case .needed: .list(ways)
            }
        }

        /// The schemes, as components of the document.
        static let schemes: Value = [
            "bearer": [
                "type": "http", "scheme": "bearer",
                "description": "The token that a sign-in answers with, or an API key (RFC 6750).",
            ],
            "cookie": [
                "type": "apiKey", "in": "cookie", "name": .text(SessionCookie.name),
                "description": .text(
                    "What a browser on this site gets at sign-in and sends by itself. Requests that change something must come from a "
                        + "page of this site then. At http://localhost its name is `\(SessionCookie.plainName)`."
                ),
            ],
        ]
    }

    struct Parameter: Sendable {
        enum Place: String, Sendable { case path, query, header }

        let name: String
        let place: Place
        let description: String
        let schema: Value
        var example: String?
        var isRequired = false

        var json: Value {
            var value: Value = ["name": .text(name), "in": .text(place.rawValue), "description": .text(description)]
            if mustBeSent { value["required"] = true }
            value["schema"] = schema
            // A list in one parameter, with commas: `sort=-price,name`.
            if isList {
                value["style"] = "form"
                value["explode"] = false
            }
            return value
        }

        var mustBeSent: Bool { isRequired || place == .path }
        var isList: Bool { schema["type"] == "array" }
    }

    struct Body: Sendable {
        let content: [Content]
        /// A body that could be sent, as people would write it.
        let example: Value
        var isRequired = true

        var json: Value {
            ["required": Value(.boolean(isRequired)), "content": .object(content.map { ($0.type, $0.json) })]
        }
    }

    /// A body of one media type.
    struct Content: Sendable {
        let type: String
        let schema: Value
        /// How members stand in a form, by their names.
        var encoding: [(String, Value)] = []

        var json: Value {
            let value: Value = ["schema": schema]
            return encoding.isEmpty ? value : value.with("encoding", .object(encoding))
        }
    }

    struct Response: Sendable {
        let status: Int
        let description: String
        /// The name of a shared response; nil for one of its own.
        var component: String?
        var headers: [ResponseHeader] = []
        var content: [Content] = []
        /// What a client may do next with the answer, by operation: its parameters as runtime expressions.
        var links: [(name: String, operation: String, parameters: [(String, String)])] = []

        var json: Value {
            if let component { return .reference("responses", component) }
            return whole
        }

        /// Without a reference, as it stands among the components.
        var whole: Value {
            var value: Value = ["description": .text(description)]
            if !headers.isEmpty {
                value["headers"] = .object(headers.map { ($0.name, .reference("headers", $0.component)) })
            }
            if !content.isEmpty { value["content"] = .object(content.map { ($0.type, $0.json) }) }
            if !links.isEmpty {
                value["links"] = .object(links.map { ($0.name, Self.json($0.operation, $0.parameters)) })
            }
            return value
        }

        private static func json(_ operation: String, _ parameters: [(String, String)]) -> Value {
            ["operationId": .text(operation), "parameters": .object(parameters.map { ($0.0, .text($0.1)) })]
        }
    }
}
