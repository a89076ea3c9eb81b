import OffstageSchema

/// `search: [name, sku]`: the fields that a full-text search looks into. Checked, then refused.
struct SearchReader {
    let fields: FieldsRead
    let faults: FaultList

    func read(_ section: Section) {
        guard let node = section["search"], let place = section.place(of: "search") else { return }
        if let elements = faults.list(node, of: "field names") {
            for element in elements {
                guard let field = fields.field(element, faults: faults) else { continue }
                if case .text = field.kind { continue }
                faults.add(element.place, "search looks into text fields; \"\(field.name)\" is \(field.kind.name)")
            }
        }
        faults.add(place, NotYet.search)
    }
}
