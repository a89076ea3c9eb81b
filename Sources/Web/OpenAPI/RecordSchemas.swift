import OffstageSchema

extension OpenAPI {
    /// The schemas of one collection: its record as it is read, created, replaced and patched, and a page of them.
    struct RecordSchemas {
        let collection: Collection
        let catalog: Catalog
        let allNames: Names

        private var names: Names.Pair { allNames.of(collection) }

        var all: [(String, Value)] {
            var schemas: [(String, Value)] = []
            if collection.offersReading || collection.offersCreation { schemas.append((names.one, record)) }
            if collection.offersReading {
                if let expanded { schemas.append((names.one + "Expanded", expanded)) }
                schemas.append((names.one + "Page", page))
                let summary = OpenAPI.SummaryOperation(collection: collection, names: names)
                schemas.append((names.one + "Summary", summary.schema))
            }
            if collection.offersCreation { schemas.append((names.one + "Create", creation)) }
            if collection.offersReplacement { schemas.append((names.one + "Replace", replacement)) }
            if collection.offersUpdate { schemas.append((names.one + "Patch", patch)) }
            return schemas
        }

        /// Nothing is required in it: the parameter `fields` leaves out what it does not name.
        var record: Value {
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
                        "description": "1, 2, 3 …; the ETag begins with this.",
                    ]
                ),
            ]
            if collection.offersReading, expanded != nil {
                properties.append(("expanded", .schema(names.one + "Expanded")))
            }
            return [
                "type": "object", "title": .text(collection.label),
                "description": .text(recordDescription),
                "properties": .object(properties),
            ]
        }

        private var recordDescription: String {
            var sentence = "A record as it is read. All members are there"
            if collection.offersReading, expanded != nil { sentence += " (`expanded` with the parameter `expand`)" }
            sentence += ", unless the parameter `fields` leaves some out"
            let mayBeHidden = collection.shownFields.contains { $0.readable != .everybody }
            return sentence + (mayBeHidden ? " or you may not read them." : ".")
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
            return Self.closed("A new record." + checks, properties, required: required)
        }

        private var replacement: Value {
            Self.closed(
                "A whole record. What is left out gets its default, or nothing." + checks,
                written { $0.jsonOfNewRecord },
                required: required
            )
        }

        private var patch: Value {
            Self.closed(
                "What is to change (RFC 7396); null takes a value away." + checks,
                written { $0.json },
                required: []
            )
        }

        private var fields: [Field] { collection.takenFields }

        private var required: [String] {
            fields.filter { $0.mustBeSent && $0.writable == .everybody }.map(\.name)
        }

        /// What must hold of the record beside the limits of its fields, in the words that a problem has.
        private var checks: String {
            guard !collection.checks.isEmpty else { return "" }
            let messages = collection.checks.map { check in
                check.field.map { "`\($0)` \(check.message)" } ?? check.message
            }
            return " What must hold beside this is told with the code `check`: \(messages.joined(separator: "; "))."
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
