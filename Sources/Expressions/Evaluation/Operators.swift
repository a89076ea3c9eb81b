import OffstageSchema

/// The operators on values (CEL langdef, "Standard Definitions"), with exact overflow.
enum Operators {
    static func compare(
        _ comparison: Term.Comparison,
        _ left: Datum,
        _ right: Datum,
        meter: inout Meter
    ) throws(EvaluationFailure.Reason) -> Datum {
        try meter.spend(min(left.weight, right.weight))
        switch comparison {
        case .equal: return .bool(left.equals(right))
        case .notEqual: return .bool(!left.equals(right))
        default: break
        }
        guard left.isOrdered(with: right) else {
            throw noOverload(comparison.rawValue, left, right)
        }
        // NaN has no order, so every question about it is answered with no.
        guard let order = left.order(to: right) else { return .bool(false) }
        switch comparison {
        case .less: return .bool(order == .less)
        case .lessOrEqual: return .bool(order != .greater)
        case .greater: return .bool(order == .greater)
        default: return .bool(order != .less)
        }
    }

    static func noOverload(_ operation: String, _ left: Datum, _ right: Datum) -> EvaluationFailure.Reason {
        .noSuchOverload("\(left.typeName) \(operation) \(right.typeName)")
    }

    static func membership(
        _ element: Datum,
        of container: Datum,
        meter: inout Meter
    ) throws(EvaluationFailure.Reason) -> Datum {
        switch container {
        case .list(let elements):
            for candidate in elements {
                try meter.spend(min(candidate.weight, element.weight))
                if candidate.equals(element) { return .bool(true) }
            }
            return .bool(false)
        case .map(let map): return .bool(map[element] != nil)
        default: throw noOverload("in", element, container)
        }
    }

    static func element(of container: Datum, at index: Datum) throws(EvaluationFailure.Reason) -> Datum {
        switch container {
        case .list(let elements):
            guard let place = place(index) else { throw .noSuchOverload("list[\(index.typeName)]") }
            guard place >= 0, place < elements.count else { throw .noSuchIndex }
            return elements[place]
        case .map(let map):
            guard let value = map[index] else { throw .noSuchKey }
            return value
        default: throw .noSuchOverload("\(container.typeName)[\(index.typeName)]")
        }
    }

    /// An index may be any number that is whole; -1 stands for one beyond every list.
    private static func place(_ index: Datum) -> Int? {
        switch index {
        case .int(let value): Int(exactly: value) ?? -1
        case .uint(let value): Int(exactly: value) ?? -1
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }

    static func member(_ name: String, of value: Datum) throws(EvaluationFailure.Reason) -> Datum {
        guard case .map(let map) = value else { throw .noSuchOverload("\(value.typeName).\(name)") }
        guard let member = map[name: name] else { throw .noSuchField(name) }
        return member
    }

    /// A map of keys and values that follow each other.
    static func map(_ values: [Datum], meter: inout Meter) throws(EvaluationFailure.Reason) -> Datum {
        try meter.spend(values.count * 2 + 2)
        var map = DatumMap()
        var place = 0
        while place + 1 < values.count {
            switch map.insert(values[place], values[place + 1]) {
            case .done: break
            case .repeatedKey: throw .repeatedKey
            case .unsupportedKey: throw .unsupportedKey
            }
            place += 2
        }
        return .map(map)
    }

    static func negate(_ value: Datum) throws(EvaluationFailure.Reason) -> Datum {
        switch value {
        case .int(let value):
            let (negated, overflow) = Int64(0).subtractingReportingOverflow(value)
            if overflow { throw .overflow }
            return .int(negated)
        case .double(let value): return .double(-value)
        case .duration(let span):
            guard let negated = span.negated() else { throw .overflow }
            return .duration(negated)
        case .decimal(let decimal):
            guard let negated = decimal.negated() else { throw .overflow }
            return .decimal(negated)
        default: throw .noSuchOverload("-\(value.typeName)")
        }
    }
}

extension Datum {
    /// Steps that looking at the whole value costs.
    var weight: Int {
        switch self {
        case .string(let text): text.utf8.count / 32 + 1
        case .bytes(let bytes): bytes.count / 32 + 1
        case .list(let elements): elements.reduce(1) { $0 + $1.weight }
        case .map(let map): map.values.reduce(1 + map.count) { $0 + $1.weight }
        default: 1
        }
    }
}
