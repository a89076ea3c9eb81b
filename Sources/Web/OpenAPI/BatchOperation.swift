import OffstageRecords
import OffstageSchema

extension OpenAPI {
    /// POST /api/batch: the writes that somebody may do, many in one request.
    struct BatchOperation {
        /// One kind of write, with the collections that have it.
        private struct Verb {
            let name: String
            let collections: [Collection]
            let description: String

            var schemaName: String { "Batch" + Names.pascal(name) }
        }

        private let verbs: [Verb]

        /// Nil when nobody may write anything.
        init?(_ catalog: Catalog) {
            let all = catalog.collections
            verbs = [
                Verb(name: "create", collections: all.filter(\.offersCreation), description: "As `POST`."),
                Verb(name: "update", collections: all.filter(\.offersUpdate), description: "As `PATCH`."),
                Verb(name: "replace", collections: all.filter(\.offersReplacement), description: "As `PUT`."),
                Verb(name: "delete", collections: all.filter(\.offersDeletion), description: "As `DELETE`."),
            ].filter { !$0.collections.isEmpty }
            guard !verbs.isEmpty else { return nil }
        }

        var operation: Operation {
            Operation(
                method: "post",
                path: "/api/batch",
                id: "batch",
                tag: ServiceOperations.tag,
                summary: "Many operations in one transaction, all or none",
                description:
                    "Each is what a request of its own would be, and sees what those before it did. The problem is the one of "
                    + "the first that fails, with pointers such as `/operations/1/values/price`; where it fails as a whole "
                    + "`/operations/1` has the code `operation`.",
                parameters: [.idempotencyKey],
                body: Body(content: [Content(type: "application/json", schema: .schema("Batch"))], example: example),
                security: .optional,
                responses: [
                    Response(
                        status: 200,
                        description: "The results, in the order of the operations.",
                        headers: [.idempotentReplayed],
                        content: [Content(type: "application/json", schema: .schema("BatchResults"))]
                    )
                ] + Problems.responses(statuses)
            )
        }

        private var statuses: [Int] {
            Problems.ofEveryAsker + Problems.ofEveryBody + Problems.ofEveryWrite + [403, 404, 406, 412]
        }

        private var example: Value {
            guard let verb = verbs.first, let collection = verb.collections.first else { return [:] }
            let address = "\(collection.name)/\(Parameter.id.example ?? "")"
            switch verb.name {
            case "create":
                let values = Example.record(collection.takenFields)
                return ["operations": [["create": .text(collection.name), "as": "first", "values": values]]]
            case "delete": return ["operations": [["delete": .text(address)]]]
            default:
                let values = Example.change(collection.takenFields)
                return ["operations": [.object([(verb.name, .text(address)), ("values", values)])]]
            }
        }

        var schemas: [(String, Value)] {
            let list: Value = [
                "type": "array", "maxItems": .number(Batch.operationsAtMost), "items": .schema("BatchOperation"),
                "description": .text("Done in this order. Each is one of " + shapes + "."),
            ]
            return [
                ("Batch", RecordSchemas.closed("Operations.", [("operations", list)], required: ["operations"])),
                ("BatchOperation", ["oneOf": .list(verbs.map { .schema($0.schemaName) })]),
            ] + verbs.map { ($0.schemaName, schema($0)) } + [
                ("BatchResult", Self.result),
                (
                    "BatchResults",
                    [
                        "type": "object", "required": ["results"],
                        "properties": ["results": ["type": "array", "items": .schema("BatchResult")]],
                    ]
                ),
            ]
        }

        /// The operations as people would write them.
        private var shapes: String {
            verbs.map { verb in
                let name = verb.collections[0].name
                return switch verb.name {
                case "create": "`{\"create\":\"\(name)\",\"as\":\"first\",\"values\":{…}}`"
                case "delete": "`{\"delete\":\"\(name)/<id>\"}`"
                default: "`{\"\(verb.name)\":\"\(name)/<id>\",\"if_version\":3,\"values\":{…}}`"
                }
            }.joined(separator: ", ")
        }

        private func schema(_ verb: Verb) -> Value {
            let names = verb.collections.map(\.name)
            let target: Value =
                verb.name == "create"
                ? ["type": "string", "enum": .texts(names), "description": "The collection of the new record."]
                : [
                    "type": "string", "description": "The collection and the id, which may be a reference.",
                    "pattern": .text("^(?:\(names.joined(separator: "|")))/(?:\(Self.id)|\(Self.reference))$"),
                ]
            var members = [(verb.name, target)]
            if verb.name != "delete" { members.append(("as", Self.name)) }
            if verb.name != "create" { members.append(("if_version", Self.version)) }
            guard verb.name != "delete" else {
                return RecordSchemas.closed(verb.description, members, required: ["delete"])
            }
            members.append(("values", Self.values))
            return RecordSchemas.closed(verb.description, members, required: [verb.name, "values"])
        }

        private static let id = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
        private static let reference = #"@[a-z][a-z0-9_]{0,62}\.[a-z][a-z0-9_]{0,62}"#

        private static let name: Value = [
            "type": "string", "pattern": "^[a-z][a-z0-9_]{0,62}$",
            "description": "What later operations call its result; no two have the same.",
        ]
        private static let version: Value = [
            "type": "integer", "format": "int64", "minimum": 1, "maximum": .number(Int(IntegerKind.largest)),
            "description": "What `If-Match` is: with another version nothing is done (412).",
        ]
        private static let values: Value = [
            "type": "object",
            "description": """
            As in the body of a request of its own. The value of a field or an element of a list may be a reference to an \
            earlier result: `@first.id`. A text that starts with `@` is written `@@…`.
            """,
        ]
        private static let result: Value = [
            "type": "object",
            "description":
                "The record, as a request of its own would answer with it, or `{\"deleted\":\"<id>\"}` and nothing else.",
            "properties": [
                "id": RecordSchemas.id, "version": ["type": "integer", "format": "int64", "minimum": 1],
                "deleted": RecordSchemas.id,
            ],
            "additionalProperties": true,
        ]
    }
}
