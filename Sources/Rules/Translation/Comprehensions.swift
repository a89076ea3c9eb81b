import OffstageExpressions
import OffstageSchema
import OffstageStorage

/// `exists`, `all`, `exists_one` and `filter(…).size()`, over the records of a collection, a stored list or a known one.
extension Translator {
    /// What a comprehension goes through.
    private struct Elements {
        let table: SQL
        /// Which of its rows count at all.
        let condition: SQL
        let slot: Slot
        /// True where there is a list at all; nil where there always is.
        let isPresent: SQL?

        func from(where condition: SQL) -> SQL {
            let all = SQL.all([self.condition, condition])
            return all.isYes ? "FROM \(table)" : "FROM \(table) WHERE \(all)"
        }
    }

    /// The collection whose records a path lists: `records.enrolments`.
    func collection(_ path: Path) -> Collection? {
        guard case .variable("records") = path.root, path.steps.count == 1 else { return nil }
        return path.steps.first.flatMap { catalog.collection($0.name) }
    }

    mutating func comprehension(
        _ comprehension: Comprehension,
        is wanted: Bool,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> SQL {
        guard comprehension.variables.count == 1, let condition = comprehension.condition else {
            throw refusal(comprehension, at: position)
        }
        if let known = try knownElements(comprehension, at: position) {
            return try written(out: comprehension, condition, known, is: wanted, at: position)
        }
        let elements = try elements(comprehension, at: position)
        return try binding(comprehension.variables.first, to: elements.slot) { (self) throws(TranslationRefusal) in
            switch (comprehension.kind, wanted) {
            case (.exists, true): try self.some(elements, condition, is: true)
            case (.exists, false): try self.every(elements, condition, is: false)
            case (.all, true): try self.every(elements, condition, is: true)
            case (.all, false): try self.some(elements, condition, is: false)
            case (.existsOne, _):
                try self.exactlyOne(elements, condition, is: wanted)
            default: throw self.refusal(comprehension, at: position)
            }
        }
    }

    private func refusal(_ comprehension: Comprehension, at position: ExpressionPosition) -> TranslationRefusal {
        let variables = comprehension.variables.count == 1 ? "" : " with two variables"
        return TranslationRefusal("\"\(comprehension.kind.rawValue)\"\(variables)", at: position)
    }

    private mutating func elements(
        _ comprehension: Comprehension,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> Elements {
        let alias = alias()
        if let path = comprehension.range.path, let collection = collection(path) {
            let row = RowSource(collection: collection, alias: alias)
            let table: SQL = "\(SQL.Name(collection)) AS \(alias)"
            return Elements(table: table, condition: try isVisible(row), slot: .row(row), isPresent: nil)
        }
        let list = try operand(comprehension.range)
        guard case .list(let kind) = list.kind else {
            throw TranslationRefusal(
                "\"\(comprehension.kind.rawValue)\" over free data",
                at: comprehension.range.position
            )
        }
        return Elements(
            table: dialect.elements(of: list.sql, holding: kind.element, as: alias),
            condition: .yes,
            slot: .operand(Operand(sql: "\(alias).\(dialect.elementColumn)", kind: kind)),
            isPresent: list.hasValue
        )
    }

    // MARK: Quantities

    private mutating func some(_ elements: Elements, _ condition: Term, is wanted: Bool) throws(TranslationRefusal)
        -> SQL
    {
        let condition = try self.condition(condition, is: wanted)
        return condition.isNo ? .no : "EXISTS (SELECT 1 \(elements.from(where: condition)))"
    }

    /// Where none has the other value, or fails.
    private mutating func every(_ elements: Elements, _ condition: Term, is wanted: Bool) throws(TranslationRefusal)
        -> SQL
    {
        let exception: SQL
        if isTotal(condition) {
            exception = try self.condition(condition, is: !wanted)
        } else {
            exception = "(\(try self.condition(condition, is: wanted))) IS NOT TRUE"
        }
        let none: SQL = exception.isNo ? .yes : "NOT EXISTS (SELECT 1 \(elements.from(where: exception)))"
        return .all([none, elements.isPresent])
    }

    private mutating func exactlyOne(
        _ elements: Elements,
        _ condition: Term,
        is wanted: Bool
    ) throws(TranslationRefusal) -> SQL {
        let number = try number(elements, condition)
        let isOne: SQL = wanted ? "\(number) = 1" : "\(number) <> 1"
        return .all([isOne, try noneFails(elements, condition), elements.isPresent])
    }

    private mutating func number(_ elements: Elements, _ condition: Term) throws(TranslationRefusal) -> SQL {
        let condition = try self.condition(condition, is: true)
        return "(SELECT count(*) \(elements.from(where: condition)))"
    }

    /// Nil when none can.
    private mutating func noneFails(_ elements: Elements, _ condition: Term) throws(TranslationRefusal) -> SQL? {
        if isTotal(condition) { return nil }
        let isDecided = SQL.any([try self.condition(condition, is: true), try self.condition(condition, is: false)])
        return "NOT EXISTS (SELECT 1 \(elements.from(where: "(\(isDecided)) IS NOT TRUE")))"
    }

    /// `filter(…).size()`: strict, so one element that fails is a failure of the whole.
    mutating func count(
        _ comprehension: Comprehension,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> Operand {
        guard comprehension.variables.count == 1, let condition = comprehension.condition,
            try knownElements(comprehension, at: position) == nil
        else { throw refusal(comprehension, at: position) }
        let elements = try elements(comprehension, at: position)
        return try binding(comprehension.variables.first, to: elements.slot) { (self) throws(TranslationRefusal) in
            let number = try self.number(elements, condition)
            let isValid = SQL.all([try self.noneFails(elements, condition), elements.isPresent])
            if isValid.isYes { return Operand(sql: number, kind: .whole) }
            return Operand(sql: "CASE WHEN \(isValid) THEN \(number) END", kind: .whole, fails: true)
        }
    }

    /// Whether a condition can be seen to never fail: then that it is not true means that it is false.
    private func isTotal(_ term: Term) -> Bool {
        switch term.kind {
        case .literal(.bool): true
        case .not(let operand): isTotal(operand)
        case .and(let operands), .or(let operands): operands.allSatisfy(isTotal)
        case .compare(.equal, let left, let right), .compare(.notEqual, let left, let right):
            isSafe(left) && isSafe(right)
        case .compare(_, let left, let right):
            left.type == right.type && isSafe(left) && isSafe(right) && !isNullable(left) && !isNullable(right)
        case .hasPath(let path): isSafe(path)
        default: false
        }
    }

    private func isSafe(_ term: Term) -> Bool {
        switch term.kind {
        case .literal(.double), .literal(.list), .literal(.map): false
        case .literal: true
        case .path(let path): isSafe(path)
        default: false
        }
    }

    private func isNullable(_ term: Term) -> Bool {
        if let path = term.path { return path.nullable }
        return term.literal?.isNull ?? true
    }

    /// A column of a row at hand.
    private func isSafe(_ path: Path) -> Bool {
        guard path.type != .dyn else { return false }
        switch path.root {
        case .variable("new"): return path.steps.count == 1
        case .variable(let name): return path.steps.isEmpty && !Self.knownNames.contains(name)
        case .local(let local):
            switch slots[local.slot] {
            case .row: return path.steps.count == 1
            case .operand(let operand): return path.steps.isEmpty && operand.kind != .any
            default: return false
            }
        }
    }

    // MARK: Known lists

    /// The elements of a list or the keys of a map that is known; nil of any other.
    private func knownElements(
        _ comprehension: Comprehension,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> [Operand]? {
        if assumesKnown, isKnown(comprehension.range) { return [assumed(.dyn)] }
        let values: [Datum]
        switch comprehension.range.kind {
        case .literal(.list(let elements)): values = elements
        case .literal(.map(let map)): values = map.keys
        default: return nil
        }
        var operands: [Operand] = []
        for value in values { operands.append(try literal(value, at: position)) }
        return operands
    }

    private mutating func written(
        out comprehension: Comprehension,
        _ condition: Term,
        _ elements: [Operand],
        is wanted: Bool,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> SQL {
        var parts: [SQL] = []
        for element in elements {
            let part = try binding(comprehension.variables.first, to: .operand(element)) {
                (self) throws(TranslationRefusal) in try self.condition(condition, is: wanted)
            }
            parts.append(part)
        }
        switch (comprehension.kind, wanted) {
        case (.exists, true), (.all, false): return .any(parts)
        case (.exists, false), (.all, true): return .all(parts)
        default: throw refusal(comprehension, at: position)
        }
    }
}
