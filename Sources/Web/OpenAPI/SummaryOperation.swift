import OffstageRecords
import OffstageSchema

extension OpenAPI {
    /// GET /api/{collection}/summary: what may be asked, and the members that it may answer with.
    struct SummaryOperation {
        let collection: Collection
        let names: Names.Pair

        /// A field that records can be grouped by or counted up, with its values as answers show them.
        private struct Column {
            let name: String
            let schema: Value
            let kind: Kind

            enum Kind {
                case plain, ordered, calendar, whole, double
                case decimal(scale: Int)
            }
        }

        /// A member of a group: `month_created` is asked for as `month(created)`.
        private struct Member {
            let name: String
            let asked: String
            let schema: Value
        }

        private static let periods: [(String, Value)] = [
            ("year", ["type": ["integer", "null"]]),
            ("month", ["type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}$"]),
            ("day", ["type": ["string", "null"], "format": "date"]),
        ]

        var operation: Operation {
            Operation(
                method: "get",
                path: "/api/\(collection.name)/summary",
                id: "summarize\(names.all)",
                tag: collection.label,
                summary: "Counts and sums, in groups",
                description: "Of the records that you may read. More than \(Records.groupsAtMost) groups are a 422.",
                parameters: [group, value] + Parameter.filter(collection),
                responses: [
                    Response(
                        status: 200,
                        description: "The groups, in the order of their keys; nothing comes first.",
                        content: [Content(type: "application/json", schema: .schema(names.one + "Summary"))]
                    )
                ] + Problems.responses(Problems.ofEveryAsker + [406, 422])
            )
        }

        private var group: Parameter {
            list("group", keys, atMost: SummaryQuery.keysAtMost, example: collection.summaryKey ?? "month(created)")
                .saying(
                    "What the records are grouped by: fields that you may read of every record, and `year()`, `month()` or `day()` (UTC) of a date. A member is "
                        + "called `state` or `month_created`. Without it there is one group of all."
                )
        }

        private var value: Parameter {
            list("value", measures, atMost: SummaryQuery.measuresAtMost, example: "count()").saying(
                "What is worked out of each group; `count()` unless given. A member is called `count` or `sum_price`. Empty "
                    + "values are left out, and null is what nothing comes to."
            )
        }

        private func list(_ name: String, _ members: [Member], atMost: Int, example: String) -> Parameter {
            Parameter(
                name: name,
                place: .query,
                description: "",
                schema: [
                    "type": "array", "items": ["type": "string", "enum": .texts(members.map(\.asked))], "minItems": 1,
                    "maxItems": .number(atMost), "uniqueItems": true,
                ],
                example: example
            )
        }

        /// Of the answer.
        var schema: Value {
            var properties: [(String, Value)] = []
            for member in keys + measures {
                // A field may be called as what is made of another one is.
                if let index = properties.firstIndex(where: { $0.0 == member.name }) {
                    properties[index].1 = ["anyOf": [properties[index].1, member.schema]]
                } else {
                    properties.append((member.name, member.schema))
                }
            }
            let group: Value = [
                "type": "object", "description": "The keys and values that were asked for, and no others.",
                "properties": .object(properties), "additionalProperties": false,
            ]
            return [
                "type": "object", "required": ["groups"],
                "properties": [
                    "groups": ["type": "array", "maxItems": .number(Records.groupsAtMost), "items": group]
                ],
            ]
        }

        // MARK: Members

        private var keys: [Member] {
            columns.flatMap { column in
                let periods: [Member]
                if case .calendar = column.kind {
                    periods = Self.periods.map { period, schema in
                        Member(name: "\(period)_\(column.name)", asked: "\(period)(\(column.name))", schema: schema)
                    }
                } else {
                    periods = []
                }
                return [Member(name: column.name, asked: column.name, schema: column.schema)] + periods
            }
        }

        private var measures: [Member] {
            let count = Member(name: "count", asked: "count()", schema: ["type": "integer", "minimum": 0])
            return [count]
                + columns.flatMap { column in
                    Self.functions(column).map { function, schema in
                        Member(name: "\(function)_\(column.name)", asked: "\(function)(\(column.name))", schema: schema)
                    }
                }
        }

        private static func functions(_ column: Column) -> [(String, Value)] {
            let ends = [("min", column.schema), ("max", column.schema)]
            let double: Value = ["type": ["number", "null"], "format": "double"]
            switch column.kind {
            case .plain: return []
            case .ordered, .calendar: return ends
            case .whole: return [("sum", ["type": ["integer", "null"], "format": "int64"]), ("avg", double)] + ends
            case .double: return [("sum", double), ("avg", double)] + ends
            case .decimal(let scale):
                return [("sum", decimal(scale)), ("avg", decimal(scale + SummaryQuery.meanDigits))] + ends
            }
        }

        private static func decimal(_ scale: Int) -> Value {
            let point = scale == 0 ? "" : "\\.[0-9]{\(scale)}"
            return ["type": ["string", "null"], "pattern": .text("^-?[0-9]+\(point)$")]
        }

        private var columns: [Column] {
            let moment: Value = ["type": ["string", "null"], "format": "date-time"]
            let own = [
                Column(name: "id", schema: ["type": ["string", "null"], "format": "uuid"], kind: .plain),
                Column(name: "created", schema: moment, kind: .calendar),
                Column(name: "updated", schema: moment, kind: .calendar),
                Column(name: "version", schema: ["type": ["integer", "null"], "format": "int64"], kind: .whole),
            ]
            return own
                + collection.shownFields.filter(\.hasOrder).map { field in
                    let schema = FieldSchema(field: field, place: .answer).ofAnyValue
                    return Column(name: field.name, schema: schema, kind: kind(field))
                }
        }

        private func kind(_ field: Field) -> Column.Kind {
            switch field.kind {
            case .integer: .whole
            case .number: .double
            case .decimal(let kind): .decimal(scale: kind.scale)
            case .date, .datetime: .calendar
            case .text, .email, .url, .choice: .ordered
            case .boolean, .relation, .json: .plain
            }
        }
    }
}

extension Collection {
    /// A field that makes few groups.
    fileprivate var summaryKey: String? {
        shownFields.first { field in
            if case .choice = field.kind { !field.many && field.readable == .everybody } else { false }
        }?.name
    }
}

extension OpenAPI.Parameter {
    fileprivate func saying(_ description: String) -> OpenAPI.Parameter {
        OpenAPI.Parameter(name: name, place: place, description: description, schema: schema, example: example)
    }
}
