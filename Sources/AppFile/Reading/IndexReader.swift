import OffstageSchema

/// `indexes: [[category, -price], [state]]`: lists of field names, `-` for descending.
struct IndexReader {
    /// Fields of one index; no engine takes more.
    static let fieldsAtMost = 16
    /// What every record has beside its fields.
    static let recordNames = ["id", "created", "updated", "version"]

    let fields: FieldsRead
    let faults: FaultList

    func read(_ node: YAMLNode?) -> [Index] {
        guard let node, let elements = faults.list(node, of: "indexes, such as [[category, -price], [state]]") else {
            return []
        }
        var indexes: [Index] = []
        var seen: Set<Index> = []
        for element in elements {
            guard let index = index(element) else { continue }
            if seen.insert(index).inserted {
                indexes.append(index)
            } else {
                faults.add(element.place, "the same index is in the list twice")
            }
        }
        return indexes
    }

    private func index(_ node: YAMLNode) -> Index? {
        guard let elements = faults.list(node, of: "field names, such as [category, -price]") else { return nil }
        guard (1...Self.fieldsAtMost).contains(elements.count) else {
            faults.add(node.place, "an index needs 1 to \(Self.fieldsAtMost) fields, not \(elements.count)")
            return nil
        }
        var keys: [Index.Key] = []
        for element in elements {
            guard let key = key(element) else { continue }
            if keys.contains(where: { $0.field == key.field }) {
                faults.add(element.place, "\"\(key.field)\" is in the index twice")
            } else {
                keys.append(key)
            }
        }
        return keys.count == elements.count ? Index(keys) : nil
    }

    private func key(_ node: YAMLNode) -> Index.Key? {
        guard let text = faults.text(node, expected: "the name of a field") else { return nil }
        let descending = text.hasPrefix("-")
        let name = descending ? String(text.dropFirst()) : text
        if Self.recordNames.contains(name) { return Index.Key(name, descending: descending) }
        guard fields.isDeclared(name) else {
            faults.add(
                node.place,
                "unknown field \(Excerpt.quoted(name)) in an index; "
                    + NearestName.expected(fields.declared + Self.recordNames, insteadOf: name)
            )
            return nil
        }
        guard let field = fields[name] else { return nil }
        if field.many {
            faults.add(node.place, "\"\(name)\" is a list, which cannot be in an index")
            return nil
        }
        if case .json = field.kind {
            faults.add(node.place, "\"\(name)\" is json, which cannot be in an index")
            return nil
        }
        return Index.Key(name, descending: descending)
    }
}
