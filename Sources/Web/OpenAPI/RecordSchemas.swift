import OffstageSchema

extension OpenAPI {
    /// The schemas of one collection: its record as it is read, created, replaced and patched, and a page of them.
    struct RecordSchemas {
        let collection: Collection
        let names: Names.Pair

        var all: [(String, Value)] {
            var schemas: [(String, Value)] = []
            if collection.offersReading || collection.offersCreation { schemas.append((names.one, record)) }
            if collection.offersReading { schemas.append((names.one + "Page", page)) }
            if collection.offersCreation { schemas.append((names.one + "Create", creation)) }
            if collection.offersReplacement { schemas.append((names.one + "Replace", replacement)) }
            if collection.offersUpdate { schemas.append((names.one + "Patch", patch)) }
            return schemas
        }

        /// Nothing is required in it: the parameter `fields` leaves out what it does not name.
        private var record: Value {
            var properties: [(String, Value)] = [("id", Self.id.with("readOnly", true))]
            for field in collection.shownFields {
                properties.append((field.name, FieldSchema(field: field, place: .answer).json))
            }
            properties += [
                ("created", Self.moment("When it was created.")), ("updated", Self.moment("When it was changed last.")),
                (
                    "version",
                    [
                        "type": "integer", "format": "int64", "minimum": 1, "readOnly": true,
                        "description": "1, 2, 3 …; the ETag is this in quotes.",
                    ]
                ),
            ]
            return [
                "type": "object", "title": .text(collection.label),
                "description":
                    "A record as it is read. All members are there, unless the parameter `fields` leaves some out.",
                "properties": .object(properties),
            ]
        }

        private var page: Value {
            let items: Value = ["type": "array", "items": .schema(names.one)]
            return [
                "type": "object", "required": ["items", "next"],
                "properties": .object([
                    ("items", items),
                    (
                        "next",
                        [
                            "type": ["string", "null"],
                            "description": "The cursor of the next page, for the parameter `after`; null on the last.",
                        ]
                    ),
                    (
                        "total",
                        [
                            "type": "integer", "minimum": 0,
                            "description": "How many there are in all; only with `count=true`.",
                        ]
                    ),
                ]),
            ]
        }

        private var creation: Value {
            var properties = written { $0.jsonOfNewRecord }
            properties.insert(("id", Self.id.with("description", "Made by the server when it is left out.")), at: 0)
            return Self.closed("A new record.", properties, required: required)
        }

        private var replacement: Value {
            Self.closed(
                "A whole record. What is left out gets its default, or nothing.",
                written { $0.jsonOfNewRecord },
                required: required
            )
        }

        private var patch: Value {
            Self.closed("What is to change (RFC 7396); null takes a value away.", written { $0.json }, required: [])
        }

        private var fields: [Field] { collection.takenFields }

        private var required: [String] {
            fields.filter(\.mustBeSent).map(\.name)
        }

        private func written(_ json: (FieldSchema) -> Value) -> [(String, Value)] {
            fields.map { ($0.name, json(FieldSchema(field: $0, place: .body))) }
        }

        static func closed(_ description: String, _ properties: [(String, Value)], required: [String]) -> Value {
            var schema: Value = ["type": "object", "description": .text(description)]
            if !required.isEmpty { schema["required"] = .texts(required) }
            schema["properties"] = .object(properties)
            schema["additionalProperties"] = false
            return schema
        }

        static let id: Value = ["type": "string", "format": "uuid"]

        private static func moment(_ description: String) -> Value {
            ["type": "string", "format": "date-time", "readOnly": true, "description": .text(description)]
        }
    }
}

extension OpenAPI.RecordSchemas {
    /// How values stand in a form that are no single text: a list as its name once for each element, JSON as JSON.
    static func encoding(_ fields: [Field]) -> [(String, OpenAPI.Value)] {
        fields.compactMap { field in
            if case .json = field.kind { return (field.name, ["contentType": "application/json"]) }
            return field.many ? (field.name, ["style": "form", "explode": true]) : nil
        }
    }
}
