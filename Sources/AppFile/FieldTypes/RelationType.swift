import OffstageSchema

extension FieldType {
    static let relation = FieldType(
        word: "relation",
        summary: "A record of another collection, or of the same, by its id.",
        options: [
            Key("to", "The collection that it points to.", .anyText, required: "categories"),
            Key(
                "on_delete",
                "When the other record is deleted: restrict refuses that (the default), cascade deletes this record too, "
                    + "clear empties this field.",
                .words(RelationKind.OnDelete.allCases.map(\.rawValue))
            ),
        ],
        valueShape: .type("string")
    ) { section, names in
        let onDelete = onDelete(section)
        guard let node = section["to"],
            let collection = section.faults.text(node, expected: "the name of a collection")
        else { return nil }
        guard names.check(collection: collection, at: node.place, faults: section.faults) else { return nil }
        return .relation(RelationKind(to: collection, onDelete: onDelete ?? .restrict))
    }

    private static func onDelete(_ section: Section) -> RelationKind.OnDelete? {
        section["on_delete"]
            .flatMap { section.faults.word($0, RelationKind.OnDelete.allCases.map(\.rawValue)) }
            .flatMap(RelationKind.OnDelete.init)
    }
}
