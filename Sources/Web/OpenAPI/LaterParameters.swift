import OffstageSchema

/// The parameters that come with a feature (`OpenAPI.Features`).
extension OpenAPI.Parameter {
    static func ofLists(_ collection: Collection, _ features: OpenAPI.Features) -> [OpenAPI.Parameter] {
        var parameters: [OpenAPI.Parameter] = []
        if features.contains(.filter) { parameters += [filter, argument] }
        if features.contains(.search) { parameters.append(search) }
        return parameters + ofReads(collection, features)
    }

    static func ofReads(_ collection: Collection, _ features: OpenAPI.Features) -> [OpenAPI.Parameter] {
        features.contains(.expand) ? expand(collection).map { [$0] } ?? [] : []
    }

    static let filter = OpenAPI.Parameter(
        name: "filter",
        place: .query,
        description:
            "An expression (CEL) over the fields; only records for which it is true are in the answer. "
            + "Values come as `arg.<name>` and stand in it as such.",
        schema: ["type": "string", "minLength": 1, "maxLength": 4096],
        example: "state == arg.state"
    )

    /// One parameter for each value: an object whose members are the parameters (`style: form`, exploded).
    static let argument = OpenAPI.Parameter(
        name: "arguments",
        place: .query,
        description: "The values that `filter` names, each as a parameter of its own: `arg.state=published`.",
        schema: [
            "type": "object", "propertyNames": ["pattern": "^arg\\.[a-z][a-z0-9_]*$"],
            "additionalProperties": ["type": "string"],
        ]
    )

    static let search = OpenAPI.Parameter(
        name: "search",
        place: .query,
        description: "Words that the records must hold.",
        schema: ["type": "string", "minLength": 1]
    )

    /// Nil when there is no relation to follow.
    static func expand(_ collection: Collection) -> OpenAPI.Parameter? {
        let relations = collection.shownFields.filter { if case .relation = $0.kind { true } else { false } }
        guard !relations.isEmpty else { return nil }
        return OpenAPI.Parameter(
            name: "expand",
            place: .query,
            description:
                "Relations whose records are added under `expanded`, as far as the caller may read them; "
                + "`a.b` goes two levels.",
            schema: [
                "type": "array",
                "items": [
                    "type": "string",
                    "pattern": .text("^(?:\(relations.map(\.name).joined(separator: "|")))(?:\\.[a-z][a-z0-9_]*)?$"),
                ],
                "minItems": 1,
            ],
            example: relations.first?.name
        )
    }
}
