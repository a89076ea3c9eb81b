package import OffstageSchema

extension Value {
    /// The list that a stored JSON array stands for; nil when it is none of one kind.
    package static func list(_ json: JSON, of element: ColumnType.Element) -> Value? {
        guard case .array(let elements) = json else { return nil }
        var values: [Value] = []
        values.reserveCapacity(elements.count)
        for json in elements {
            switch (element, json) {
            case (.text, .string(let text)): values.append(.text(text))
            case (.integer, .number(let text)):
                guard let integer = Int64(text) else { return nil }
                values.append(.integer(integer))
            case (.identifier, .string(let text)):
                guard let id = Identifier(text) else { return nil }
                values.append(.identifier(id))
            default: return nil
            }
        }
        return .list(values)
    }
}
