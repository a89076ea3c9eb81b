import OffstageSchema

/// A value of the file as JSON, for the readers that a request's values go through too.
extension FaultList {
    /// - Returns: nil, with the fault noted, for numbers that JSON does not have. Depth is bounded by the tree's.
    func json(_ node: YAMLNode) -> JSON? {
        switch node.content {
        case .scalar(.null): return .null
        case .scalar(.boolean(let boolean)): return .boolean(boolean)
        case .scalar(.number(let json, _)): return .number(json)
        case .scalar(.text(let text, _)): return .string(text)
        case .scalar(.notFinite):
            expected("a finite number", at: node)
            return nil
        case .sequence(let elements):
            let all = elements.compactMap { json($0) }
            return all.count == elements.count ? .array(all) : nil
        case .mapping(let entries):
            let members = entries.compactMap { entry in json(entry.value).map { JSON.Member(entry.key, $0) } }
            return members.count == entries.count ? .object(members) : nil
        }
    }
}
