import OffstageSchema

/// `search: [name, sku]`: the fields that a full-text search looks into.
struct SearchReader {
    static let fieldsAtMost = 16

    let fields: FieldsRead
    let faults: FaultList

    func read(_ node: YAMLNode?) -> [String] {
        guard let node, let elements = faults.list(node, of: "field names, such as [name, sku]") else { return [] }
        guard (1...Self.fieldsAtMost).contains(elements.count) else {
            faults.add(node.place, "a search needs 1 to \(Self.fieldsAtMost) fields, not \(elements.count)")
            return []
        }
        var names: [String] = []
        for element in elements {
            guard let field = fields.field(element, faults: faults) else { continue }
            guard Self.isText(field.kind) else {
                faults.add(element.place, "search looks into text fields; \"\(field.name)\" is \(field.kind.name)")
                continue
            }
            if names.contains(field.name) {
                faults.add(element.place, "\"\(field.name)\" is in the search twice")
            } else {
                names.append(field.name)
            }
        }
        return names
    }

    private static func isText(_ kind: FieldKind) -> Bool {
        switch kind {
        case .text, .email, .url, .choice: true
        default: false
        }
    }
}
