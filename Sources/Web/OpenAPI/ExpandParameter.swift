import OffstageRecords
import OffstageSchema

extension Catalog {
    /// The relations of a collection that somebody may follow, and what they lead to.
    func followed(from collection: Collection) -> [(field: Field, target: Collection)] {
        collection.shownFields.compactMap { field in
            guard case .relation(let kind) = field.kind, let target = self.collection(kind.collection),
                target.offersReading
            else { return nil }
            return (field, target)
        }
    }
}

extension OpenAPI.Parameter {
    /// Nil when there is no relation to follow.
    static func expand(_ collection: Collection, _ catalog: Catalog) -> OpenAPI.Parameter? {
        let paths = catalog.followed(from: collection).flatMap { field, target in
            [field.name] + catalog.followed(from: target).map { "\(field.name).\($0.field.name)" }
        }
        guard let first = paths.first else { return nil }
        return OpenAPI.Parameter(
            name: "expand",
            place: .query,
            description:
                "Relations whose records come along under `expanded`, as far as you may read them. Not for streams. A record "
                + "that is read so has no ETag, since what comes along changes without it.",
            schema: [
                "type": "array", "items": ["type": "string", "enum": .texts(paths)], "minItems": 1,
                "maxItems": .number(Expansion.pathsAtMost),
            ],
            example: first
        )
    }
}

extension OpenAPI.RecordSchemas {
    /// What `expanded` of a record may hold; nil when there is no relation to follow.
    var expanded: OpenAPI.Value? {
        let followed = catalog.followed(from: collection)
        guard !followed.isEmpty else { return nil }
        return [
            "type": "object",
            "description":
                "What the relations that `expand` names lead to: null, or nothing in a list, where you may not read the record.",
            "properties": .object(
                followed.map { field, target in
                    let one = OpenAPI.Value.schema(allNames.of(target).one)
                    return (
                        field.name,
                        field.many ? ["type": "array", "items": one] : ["anyOf": [one, ["type": "null"]]]
                    )
                }
            ),
        ]
    }
}
