import OffstageSchema

extension OpenAPI {
    /// The requests of one form.
    struct FormOperations {
        let form: Form
        let collection: Collection
        let name: String

        static let tag = "Forms"
        private static let page = [Content(type: "text/html", schema: ["type": "string"])]

        var all: [Operation] {
            [show, post, thanks].map { operation in
                var operation = operation
                operation.security = .optional
                return operation
            }
        }
        private var path: String { "/forms/\(form.name)" }
        private var fields: [Field] { form.fields.compactMap { collection.field($0) } }

        var schemas: [(String, Value)] { [(name + "FormPost", sent), (name + "FormStored", stored)] }

        private var sent: Value {
            let fromPage: [(String, Value)] = [
                // Without a type, since what is no key is passed over.
                ("_key", ["description": "The one-time key of the page, a text: a reload stores nothing twice."]),
                ("_trap", ["description": "Left empty by people. What fills it is thanked, and not stored."]),
            ]
            return RecordSchemas.closed(
                "\(form.title). In a form a box that is not ticked is not sent, and means no.",
                fields.map { ($0.name, FieldSchema(field: $0, place: .body).jsonOfNewRecord) } + fromPage,
                required: fields.filter(\.mustBeSent).map(\.name)
            )
        }

        private var stored: Value {
            var properties: [(String, Value)] = [("id", RecordSchemas.id)]
            for field in fields where field.isShown {
                properties.append((field.name, FieldSchema(field: field, place: .answer).json))
            }
            properties.append(("created", ["type": "string", "format": "date-time"]))
            return ["type": "object", "properties": .object(properties)]
        }

        private var show: Operation {
            Operation(
                method: "get",
                path: path,
                id: "show\(name)Form",
                tag: Self.tag,
                summary: "\(form.title): the page",
                responses: [
                    Response(status: 200, description: "A whole page that works without script.", content: Self.page)
                ]
                    + Problems.responses(Problems.ofEveryAsker)
            )
        }

        private var post: Operation {
            let encoding = RecordSchemas.encoding(fields)
            return Operation(
                method: "post",
                path: path,
                id: "post\(name)Form",
                tag: Self.tag,
                summary: "\(form.title): send it",
                description: "At most \(form.limit.posts) posts an \(form.limit.period.rawValue) from one address. "
                    + "Who accepts `application/json` rather than `text/html` gets JSON and problems, all "
                    + "others pages.",
                parameters: [.idempotencyKey],
                body: Body(
                    content: [Content(type: "application/json", schema: .schema(name + "FormPost"))]
                        + ["application/x-www-form-urlencoded", "multipart/form-data"].map {
                            Content(type: $0, schema: .schema(name + "FormPost"), encoding: encoding)
                        },
                    example: Example.record(fields)
                ),
                responses: [
                    Response(
                        status: 201,
                        description: "Stored.",
                        headers: [.idempotentReplayed],
                        content: [Content(type: "application/json", schema: .schema(name + "FormStored"))]
                    ),
                    Response(
                        status: 303,
                        description: "Stored; a browser goes on to the page that says thanks.",
                        headers: [.location, .idempotentReplayed],
                        content: []
                    ),
                ] + refusals
            )
        }

        /// Problems for programs, pages for people.
        private var refusals: [Response] {
            let statuses = Problems.ofEveryAsker + Problems.ofEveryBody + Problems.ofEveryWrite + [403, 429]
            return Problems.responses(statuses).map { response in
                var response = response
                response.component = nil
                response.content += Self.page
                return response
            }
        }

        private var thanks: Operation {
            Operation(
                method: "get",
                path: path + "/thanks",
                id: "show\(name)FormThanks",
                tag: Self.tag,
                summary: "\(form.title): what is shown afterwards",
                responses: [Response(status: 200, description: "A page.", content: Self.page)]
                    + Problems.responses(Problems.ofEveryAsker)
            )
        }
    }
}
