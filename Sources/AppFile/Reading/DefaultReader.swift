import OffstageSchema

/// The default of a field, read the way the field reads what clients send, so that none is impossible.
struct DefaultReader {
    let faults: FaultList

    /// - Returns: nil when there is none, or it is impossible, which is noted.
    func read(_ section: Section, for field: Field) -> Value? {
        guard let node = section["default"] else { return nil }
        guard !node.isNull else {
            faults.expected("a value", at: node, hint: "; leave \"default\" out for none")
            return nil
        }
        guard let json = faults.json(node) else { return nil }
        do throws(Fault) {
            return try field.read(json)
        } catch {
            let (place, what, value) = place(of: error.pointer, in: node)
            faults.add(place, "impossible default: \(what)\(error.message)\(hint(value, field))")
            return nil
        }
    }

    /// The element of a list that a fault's pointer means, or the whole.
    private func place(of pointer: String, in node: YAMLNode) -> (Place, String, YAMLNode) {
        if case .sequence(let elements) = node.content, pointer.hasPrefix("/"), let index = Int(pointer.dropFirst()),
            elements.indices.contains(index)
        {
            return (elements[index].place, "element \(index + 1) ", elements[index])
        }
        return (node.place, "", node)
    }

    /// A number or `true` where a text belongs only wants quotes.
    private func hint(_ node: YAMLNode, _ field: Field) -> String {
        switch field.kind {
        case .integer, .number, .decimal, .json: ""
        case .boolean: FaultList.booleanHint(node)
        default:
            switch node.content {
            case .scalar(.number(_, let source)): "; write \(Excerpt.quoted(source))"
            case .scalar(.boolean(let boolean)): "; write \"\(boolean)\""
            default: ""
            }
        }
    }
}
