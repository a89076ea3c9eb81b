import OffstageSchema

/// `given`: records by collection, each under a name that stands for its id.
struct GivenReader {
    let catalog: Catalog
    let faults: FaultList

    /// A record as it stands in the file, before its names of others are ids.
    struct Declared {
        let collection: Collection
        let entry: YAMLEntry
        let id: Identifier
    }

    /// The names of the records of each collection.
    typealias Names = [String: [String: Identifier]]

    func read(_ node: YAMLNode?) -> [Declared] {
        guard let node, !node.isNull else { return [] }
        guard case .mapping(let entries) = node.content else {
            faults.expected("a mapping of collections to their records", at: node)
            return []
        }
        var declared: [Declared] = []
        for entry in entries {
            guard let collection = catalog.collection(entry.key) else {
                faults.add(entry.place, Self.unknownCollection(entry.key, catalog))
                continue
            }
            guard !entry.value.isNull else { continue }
            guard case .mapping(let records) = entry.value.content else {
                faults.expected("a mapping of names to records of \(collection.name)", at: entry.value)
                continue
            }
            for record in records {
                declared.append(Declared(collection: collection, entry: record, id: id(record, declared.count)))
            }
        }
        return declared
    }

    func names(_ records: [Declared]) -> Names {
        var names: Names = [:]
        for record in records { names[record.collection.name, default: [:]][record.entry.key] = record.id }
        return names
    }

    /// The records with ids for names, each behind those that it points to.
    func ordered(_ declared: [Declared]) -> [GivenRecord] {
        let names = names(declared)
        let values = ValuesReader(names: names, faults: faults)
        var left: [(record: GivenRecord, needs: Set<Identifier>)] = declared.compactMap { declared in
            guard let input = values.read(declared.entry.value, of: declared.collection, checksValues: true) else {
                return nil
            }
            let members = input.members.filter { $0.name != "id" } + [("id", .json(.string("\(declared.id)")))]
            let record = GivenRecord(
                collection: declared.collection,
                name: declared.entry.key,
                id: declared.id,
                input: Input(members + Self.address(declared, input)),
                place: declared.entry.place
            )
            let needs = values.pointedTo(input, of: declared.collection).subtracting([declared.id])
            return (record, needs)
        }
        let all = Set(left.map(\.record.id))
        var ordered: [GivenRecord] = []
        var done: Set<Identifier> = []
        while !left.isEmpty {
            let next = left.filter { $0.needs.intersection(all).isSubset(of: done) }
            guard !next.isEmpty else {
                for (record, _) in left.prefix(1) {
                    faults.add(
                        record.place,
                        "the records point to each other in a circle; leave one of the relations out"
                    )
                }
                return ordered
            }
            ordered += next.map(\.record)
            done.formUnion(next.map(\.record.id))
            left.removeAll { done.contains($0.record.id) }
        }
        return ordered
    }

    private func id(_ record: YAMLEntry, _ number: Int) -> Identifier {
        if case .mapping(let entries) = record.value.content,
            let given = entries.first(where: { $0.key == "id" })?.value.text, let id = Identifier(given)
        {
            return id
        }
        return Identifier(high: 0x0000_0000_0002_7000, low: 0x8000_0000_0000_0001 + UInt64(number))
    }

    /// The mail address of an account that is given without one, which few rules ask for and every account has.
    private static func address(
        _ declared: Declared,
        _ input: Input
    ) -> [(name: String, content: Input.Content)] {
        let name = "email"
        guard declared.collection.name == Collection.usersName, !input.members.contains(where: { $0.name == name })
        else { return [] }
        let own = JSON.string("\(declared.entry.key)@example.org")
        let isAddress = (try? EmailKind().read(own)) != nil
        return [(name, .json(isAddress ? own : .string("\(declared.id)@example.org")))]
    }

    static func unknownCollection(_ name: String, _ catalog: Catalog) -> String {
        "unknown collection \(Excerpt.quoted(name)); "
            + NearestName.expected(catalog.collections.map(\.name), insteadOf: name)
    }
}

/// The values of a record or a change. A relation takes the name of a given record, or an id.
struct ValuesReader {
    let names: GivenReader.Names
    let faults: FaultList

    /// - Parameter checksValues: whether a value that its field refuses is a fault of the file; in a test it may be the point.
    func read(_ node: YAMLNode, of collection: Collection, checksValues: Bool) -> Input? {
        guard !node.isNull else { return Input([]) }
        guard case .mapping(let entries) = node.content else {
            faults.expected(
                "values of \(collection.name), such as {\(collection.fields.first?.name ?? "id"): …}",
                at: node
            )
            return nil
        }
        var members: [(name: String, content: Input.Content)] = []
        for entry in entries {
            guard entry.key != "id" else {
                if let json = faults.json(entry.value) { members.append(("id", .json(json))) }
                if checksValues, entry.value.text.flatMap({ Identifier($0) }) == nil {
                    faults.expected("a UUID", at: entry.value)
                }
                continue
            }
            guard let field = collection.field(entry.key) else {
                let known = collection.fields.map(\.name) + ["id"]
                faults.add(
                    entry.place,
                    "unknown field \(Excerpt.quoted(entry.key)) of \(collection.name); "
                        + NearestName.expected(known, insteadOf: entry.key)
                )
                continue
            }
            guard let json = value(entry.value, field) else { continue }
            members.append((field.name, .json(json)))
            guard checksValues else { continue }
            do throws(Fault) {
                _ = try field.read(json)
            } catch {
                faults.add(entry.value.place, "impossible value of \(field.name): \(error.message)")
            }
        }
        return Input(members)
    }

    private func value(_ node: YAMLNode, _ field: Field) -> JSON? {
        guard case .relation(let kind) = field.kind else { return faults.json(node) }
        if case .sequence(let elements) = node.content {
            let ids = elements.compactMap { id($0, of: kind.collection) }
            return ids.count == elements.count ? .array(ids) : nil
        }
        return node.isNull ? .null : id(node, of: kind.collection)
    }

    /// The id that a record's name stands for.
    private func id(_ node: YAMLNode, of collection: String) -> JSON? {
        guard let name = node.text else { return faults.json(node) }
        if let id = names[collection]?[name] { return .string("\(id)") }
        if Identifier(name) != nil { return .string(name) }
        faults.add(node.place, Self.unknownRecord(name, of: collection, names))
        return nil
    }

    static func unknownRecord(_ name: String, of collection: String, _ names: GivenReader.Names) -> String {
        let known = names[collection].map { $0.keys.sorted() } ?? []
        let text = "unknown record \(Excerpt.quoted(name)) of \(collection); "
        return text + (known.isEmpty ? "none are given" : NearestName.expected(known, insteadOf: name))
    }

    /// The ids that the values point to.
    func pointedTo(_ input: Input, of collection: Collection) -> Set<Identifier> {
        var ids: Set<Identifier> = []
        for (name, content) in input.members {
            guard case .relation = collection.field(name)?.kind, case .json(let json) = content else { continue }
            switch json {
            case .string(let text): if let id = Identifier(text) { ids.insert(id) }
            case .array(let elements):
                for case .string(let text) in elements { if let id = Identifier(text) { ids.insert(id) } }
            default: break
            }
        }
        return ids
    }
}
