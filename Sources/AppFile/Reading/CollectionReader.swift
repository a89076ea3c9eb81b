import OffstageSchema

/// A collection as far as it could be read.
struct CollectionRead {
    let collection: Collection
    let fields: FieldsRead
}

/// One collection: its fields, indexes and access.
struct CollectionReader {
    static let keys: [Key] = [
        Key("label", "What people read; made from the name unless given.", .anyText),
        Key("display", "The field that names a record to people.", .named("name")),
        Key(
            "fields",
            "Its fields by name: a type, or a mapping of type and options.",
            .named("fields"),
            required: "{title: text}"
        ),
        Key(
            "indexes",
            "Lists of fields that are searched and sorted together; - before a name is descending.",
            .list(of: .list(of: .pattern("^-?[a-z][a-z0-9_]*$")), atLeast: 0)
        ),
        Key(
            "access",
            "Who may do what. A verb that is absent is nobody's but the team's.",
            JSON.mapping(AccessReader.keys).orNull
        ),
        Key(
            "checks",
            "Conditions that every record keeps.",
            .list(of: .mapping(ChecksReader.keys), atLeast: 0)
        ),
        Key(
            "search",
            "The text fields that a search looks into, the one that counts most first.",
            .list(of: .named("name"))
        ),
        Key("was", "The name it had before, so that a rename keeps the records.", .named("name")),
    ]

    let names: AppNames
    let places: ExpressionPlaces
    let faults: FaultList

    func read(_ entry: YAMLEntry, renames: inout Renames) -> CollectionRead? {
        if let refusal = NameRule.collection.refusal(entry.key) { faults.add(entry.place, refusal) }
        guard
            let section = Section(
                entry.value,
                what: "a collection",
                place: entry.place,
                keys: Self.keys,
                faults: faults
            )
        else { return nil }
        let fields = FieldsReader(names: names, owner: entry.key, places: places, faults: faults).read(
            section["fields"]
        )
        if let node = section["fields"], case .mapping(let none) = node.content, none.isEmpty {
            faults.add(node.place, "a collection needs at least one field")
        }
        let collection = Collection(
            name: entry.key,
            label: section.line("label"),
            display: display(section, fields),
            fields: fields.fields,
            indexes: IndexReader(fields: fields, faults: faults).read(section["indexes"]),
            search: SearchReader(fields: fields, faults: faults).read(section["search"]),
            access: AccessReader(collection: entry.key, places: places, faults: faults).read(
                section["access"],
                place: section.place(of: "access") ?? entry.place
            ),
            checks: ChecksReader(fields: fields, collection: entry.key, places: places, faults: faults)
                .read(section["checks"]),
            was: renames.read(section, name: entry.key)
        )
        return CollectionRead(collection: collection, fields: fields)
    }

    private func display(_ section: Section, _ fields: FieldsRead) -> String? {
        guard let node = section["display"], let field = fields.field(node, faults: faults) else { return nil }
        switch field.kind {
        case _ where field.many: faults.add(node.place, "\"\(field.name)\" is a list, which cannot name a record")
        case .json: faults.add(node.place, "\"\(field.name)\" is json, which cannot name a record")
        default: return field.name
        }
        return nil
    }
}
