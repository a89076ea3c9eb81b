import OffstageRecords
import OffstageSchema

extension OpenAPI.Parameter {
    typealias Value = OpenAPI.Value

    static let id = OpenAPI.Parameter(
        name: "id",
        place: .path,
        description: "The record's id.",
        schema: OpenAPI.RecordSchemas.id,
        example: "0192f0c1-2d3e-7abc-8def-0123456789ab"
    )

    // MARK: Lists

    static func sort(_ collection: Collection) -> OpenAPI.Parameter {
        let names = ["id"] + collection.shownFields.filter(\.hasOrder).map(\.name) + ["created", "updated", "version"]
        let words = names.flatMap { [$0, "-" + $0] }
        // A field stands once, whichever way it goes.
        let twice = names.map { name in
            Value.object([
                ("allOf", .list([name, "-" + name].map { ["contains": ["const": .text($0)]] }))
            ])
        }
        return OpenAPI.Parameter(
            name: "sort",
            place: .query,
            description:
                "By these fields, as far as you may read them of every record; a minus for descending. Empty values come "
                + "before all others. Without it by `id`.",
            schema: [
                "type": "array", "items": ["type": "string", "enum": .texts(words)], "minItems": 1,
                "maxItems": .number(Sort.keysAtMost), "uniqueItems": true, "not": ["anyOf": .list(twice)],
            ],
            example: "-created"
        )
    }

    static let limit = OpenAPI.Parameter(
        name: "limit",
        place: .query,
        description: "Records of a page. For pages of JSON alone.",
        schema: [
            "type": "integer", "minimum": 1, "maximum": .number(ListQuery.largestLimit),
            "default": .number(ListQuery().limit),
        ],
        example: "20"
    )

    static let after = OpenAPI.Parameter(
        name: "after",
        place: .query,
        description: "The cursor that the page before has under `next`; `sort` must be the same.",
        schema: ["type": "string"]
    )

    static func fields(_ collection: Collection) -> OpenAPI.Parameter {
        let names = ["id"] + collection.shownFields.map(\.name) + ["created", "updated", "version"]
        return OpenAPI.Parameter(
            name: "fields",
            place: .query,
            description: "Only these members.",
            schema: ["type": "array", "items": ["type": "string", "enum": .texts(names)], "minItems": 1],
            example: (["id"] + collection.shownFields.prefix(1).map(\.name)).joined(separator: ",")
        )
    }

    static let count = OpenAPI.Parameter(
        name: "count",
        place: .query,
        description: "Adds `total`. For pages of JSON alone.",
        schema: ["type": "boolean", "default": false]
    )

    static let dryRun = OpenAPI.Parameter(
        name: "dry_run",
        place: .query,
        description: "Tries everything and keeps nothing.",
        schema: ["type": "boolean", "default": false]
    )

    // MARK: Headers

    static let ifMatch = OpenAPI.Parameter(
        name: "If-Match",
        place: .header,
        description:
            "The ETag of the version that is to be changed, or `*`. When the record has another, nothing "
            + "is changed: 412.",
        schema: ["type": "string"],
        example: "\"1\""
    )

    static let ifNoneMatchForReading = OpenAPI.Parameter(
        name: "If-None-Match",
        place: .header,
        description: "The ETag that the client has: 304 while it is the same.",
        schema: ["type": "string"]
    )

    static let ifNoneMatchForCreating = OpenAPI.Parameter(
        name: "If-None-Match",
        place: .header,
        description: "`*` creates only: 412 when there is a record with this id.",
        schema: ["type": "string"]
    )

    static let idempotencyKey = OpenAPI.Parameter(
        name: "Idempotency-Key",
        place: .header,
        description:
            "A random value for each new request makes a repeat safe: the first answer is kept for "
            + "\(RepeatKey.hoursKept) hours and given again.",
        schema: [
            "type": "string", "minLength": 1, "maxLength": 257,
            "pattern": #"^(?:[!#-~](?:[ -~]{0,253}[!-~])?|"[!#-~](?:[ -~]{0,253}[!-~])?")$"#,
        ]
    )
}
