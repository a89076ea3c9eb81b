import OffstageExpressions
import OffstageSchema
import OffstageStorage

/// `x in list`.
extension Translator {
    mutating func membership(
        _ element: Term,
        of container: Term,
        is wanted: Bool,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> SQL {
        let element = try operand(element)
        switch container.kind {
        case .list(let terms):
            var candidates: [Operand] = []
            for term in terms { candidates.append(try operand(term)) }
            return try isOne(element, of: candidates, is: wanted, at: position)
        case .literal(.list(let values)):
            var candidates: [Operand] = []
            for value in values { candidates.append(try literal(value, at: position)) }
            return try isOne(element, of: candidates, is: wanted, at: position)
        case .literal(.map(let map)):
            // Only keys are looked for; one that is no text or number is never found.
            var keys: [Operand] = []
            for key in map.keys { keys.append(try literal(key, at: position)) }
            return try isOne(element, of: keys, is: wanted, at: position)
        default: break
        }
        let list = try operand(container)
        switch list.kind {
        case .list(let kind): return try isStored(element, in: list, kind, is: wanted, at: position)
        case .any: return assumesKnown ? .yes : .no
        case .json: throw TranslationRefusal("a search in free data", at: position)
        default: return .no
        }
    }

    /// One of some values, none of which may fail.
    private func isOne(
        _ element: Operand,
        of candidates: [Operand],
        is wanted: Bool,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> SQL {
        if let sql = isPlainlyOne(element, of: candidates, is: wanted) { return sql }
        var parts: [SQL] = []
        for candidate in candidates {
            parts.append(try compared(.equal, element, candidate, is: wanted, at: position))
        }
        return wanted
            ? .all([.any(parts)] + candidates.map(\.isPresent))
            : .all(parts + [element.isPresent])
    }

    /// `IN (…)`, which an index serves: of known values of the element's own kind.
    private func isPlainlyOne(_ element: Operand, of candidates: [Operand], is wanted: Bool) -> SQL? {
        switch element.kind {
        case .text, .whole, .date, .bool: break
        default: return nil
        }
        guard element.literal == nil, !candidates.isEmpty,
            candidates.allSatisfy({ $0.literal != nil && $0.kind == element.kind })
        else { return nil }
        if wanted, let id = element.identifier {
            // A text that is no id is none of those that are looked for.
            let ids = candidates.compactMap(\.knownIdentifier)
            return ids.isEmpty ? .no : "\(id) IN (\(ids, separator: ", "))"
        }
        let list = candidates.map(\.sql)
        if wanted { return "\(element.sql) IN (\(list, separator: ", "))" }
        let isNot: SQL = "\(element.sql) NOT IN (\(list, separator: ", "))"
        return element.isNullable ? .all([.any([isNot, "\(element.sql) IS NULL"]), element.isPresent]) : isNot
    }

    /// An element of a stored list, which never holds null.
    private mutating func isStored(
        _ element: Operand,
        in list: Operand,
        _ kind: Operand.Kind,
        is wanted: Bool,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> SQL {
        let alias = alias()
        let candidate = Operand(sql: "\(alias).\(dialect.elementColumn)", kind: kind)
        // The sides are given so that a known element stays on the right.
        let isEqual = try compared(.equal, candidate, element, is: true, at: position)
        let elements = dialect.elements(of: list.sql, holding: kind.element, as: alias)
        guard !wanted else {
            return .all(["EXISTS (SELECT 1 FROM \(elements) WHERE \(isEqual))", element.isPresent])
        }
        let isAbsent: SQL = "NOT EXISTS (SELECT 1 FROM \(elements) WHERE (\(isEqual)))"
        return .all([isAbsent, element.isPresent, list.hasValue])
    }
}
