/// The type of an expression, as far as it is known before anything runs.
package indirect enum ValueType: Hashable, Sendable {
    /// Known only when it runs. Fits everything.
    case dyn
    case null
    case bool
    case int
    case uint
    case double
    case string
    case bytes
    case timestamp
    case duration
    case decimal
    case date
    /// The type of a type, such as that of `int` or `type(1)`.
    case type
    case list(ValueType)
    case map(ValueType, ValueType)
    /// A whole record, with the fields that the scope declares for this name.
    case record(String)
    /// The id of a record of this name; reading a field from it goes through the relation. Compares with strings.
    case relation(String)
}

extension ValueType {
    /// Whether a value of one may stand where the other is expected.
    func fits(_ other: ValueType) -> Bool {
        switch (self, other) {
        case (.dyn, _), (_, .dyn): true
        case (.list(let left), .list(let right)): left.fits(right)
        case (.map(let leftKey, let leftValue), .map(let rightKey, let rightValue)):
            leftKey.fits(rightKey) && leftValue.fits(rightValue)
        case (.relation, .string), (.string, .relation): true
        default: self == other
        }
    }

    /// Whether `==` between the two can ever be true. Null compares with everything: fields without a value are null.
    func comparesForEquality(with other: ValueType) -> Bool {
        if self == .null || other == .null { return true }
        switch (self, other) {
        case (.decimal, .int), (.int, .decimal): return true
        case (.record, _), (_, .record): return self == .dyn || other == .dyn
        case (.list(let left), .list(let right)): return left.comparesForEquality(with: right)
        case (.map(let leftKey, let leftValue), .map(let rightKey, let rightValue)):
            return leftKey.comparesForEquality(with: rightKey) && leftValue.comparesForEquality(with: rightValue)
        default: return fits(other)
        }
    }

    /// Whether `<` exists between the two.
    func comparesForOrder(with other: ValueType) -> Bool {
        switch (self, other) {
        case (.dyn, _): other.isOrdered
        case (_, .dyn): isOrdered
        case (.decimal, .int), (.int, .decimal): true
        default: isOrdered && fits(other)
        }
    }

    private var isOrdered: Bool {
        switch self {
        case .null, .type, .list, .map, .record: false
        default: true
        }
    }

    /// The one type of two values in the same place, such as the branches of a condition.
    func joined(with other: ValueType) -> ValueType {
        if self == other { return self }
        switch (self, other) {
        case (.list(let left), .list(let right)): return .list(left.joined(with: right))
        case (.map(let leftKey, let leftValue), .map(let rightKey, let rightValue)):
            return .map(leftKey.joined(with: rightKey), leftValue.joined(with: rightValue))
        case (.relation, .string), (.string, .relation): return .string
        default: return .dyn
        }
    }
}

extension ValueType: CustomStringConvertible {
    package var description: String {
        switch self {
        case .dyn: "dyn"
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .decimal: "decimal"
        case .date: "date"
        case .type: "type"
        case .list(let element): "list(\(element))"
        case .map(let key, let value): "map(\(key), \(value))"
        // A name with its members, such as `user`: see `Scope.declare`.
        case .record(let name) where name.hasSuffix(".*"): String(name.dropLast(2))
        case .record(let name): "record of \(name)"
        case .relation(let name): "relation to \(name)"
        }
    }
}
