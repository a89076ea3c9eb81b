import OffstageExpressions
import OffstageSchema
import OffstageStorage

extension Translator {
    /// The value of a term.
    mutating func operand(_ term: Term) throws(TranslationRefusal) -> Operand {
        let operand = try value(of: term)
        // Some values stand twice in what is made of them, which may go on and on.
        _ = try counted(operand.sql, at: term.position)
        return operand
    }

    private mutating func value(of term: Term) throws(TranslationRefusal) -> Operand {
        if assumesKnown, isKnown(term) { return assumed(term.type) }
        switch term.kind {
        case .literal(let value): return try literal(value, at: term.position)
        case .failure: return .failure
        case .path(let path):
            if let (bound, slots) = bound(path) {
                return try within(slots) { (self) throws(TranslationRefusal) in try self.operand(bound) }
            }
            return try operand(of: path, at: term.position)
        case .arithmetic(let operation, let left, let right):
            return try arithmetic(operation, try operand(left), try operand(right), at: term.position)
        case .negate(let operand): return try negated(try self.operand(operand), at: term.position)
        case .call(let function, let arguments): return try call(function, arguments, at: term.position)
        case .matches(let text, let pattern):
            return try textTest(try operand(text)) { dialect.matches($0, pattern: pattern.source) }
        case .ternary(let condition, let yes, let no):
            return try choice(condition, yes, no, at: term.position)
        case .index(let container, let index): return try element(of: container, at: index, term.position)
        // Only where something is looked for in it.
        case .list: throw TranslationRefusal("a list that is made from the record", at: term.position)
        case .bind(let local, let value, let body):
            return try binding(local, to: .term(value, slots)) { (self) throws(TranslationRefusal) in
                try self.operand(body)
            }
        case .member, .hasMember, .map: throw TranslationRefusal("a member of a map", at: term.position)
        case .comprehension(let comprehension) where comprehension.type != .bool:
            throw TranslationRefusal("\"\(comprehension.kind.rawValue)\" outside of size()", at: term.position)
        default: return try decided(term)
        }
    }

    /// A condition as a value.
    private mutating func decided(_ term: Term) throws(TranslationRefusal) -> Operand {
        let yes = try condition(term, is: true)
        let no = try condition(term, is: false)
        return Operand(
            sql: "CASE WHEN \(yes) THEN \(.boolean(true)) WHEN \(no) THEN \(.boolean(false)) END",
            kind: .bool,
            fails: true
        )
    }

    private mutating func choice(
        _ condition: Term,
        _ yes: Term,
        _ no: Term,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> Operand {
        var first = try operand(yes)
        var second = try operand(no)
        if case .decimal(let scale) = first.kind, case .decimal(let other) = second.kind, scale != other {
            let common = max(scale, other)
            first = try rescaled(first, to: common, at: position)
            second = try rescaled(second, to: common, at: position)
        }
        guard let kind = Operand.Kind.joined(first.kind, second.kind) else {
            throw TranslationRefusal("a choice between values of unlike types", at: position)
        }
        for operand in [first, second] where operand.literal?.isFinerThanMilliseconds == true {
            throw TranslationRefusal("a time finer than a millisecond", at: position)
        }
        let isTrue = try self.condition(condition, is: true)
        let isFalse = try self.condition(condition, is: false)
        var result = Operand(
            sql: "CASE WHEN \(isTrue) THEN \(first.sql) WHEN \(isFalse) THEN \(second.sql) END",
            kind: kind,
            isNullable: first.isNullable || second.isNullable,
            fails: true,
            mayBeNaN: first.mayBeNaN || second.mayBeNaN
        )
        guard !(result.isNullable && result.mayBeNaN) else {
            throw TranslationRefusal("a choice between arithmetic and a number that may be empty", at: position)
        }
        if result.isNullable || result.mayBeNaN {
            result.presence = .any([.all([isTrue, first.isPresent]), .all([isFalse, second.isPresent])])
        }
        return result
    }

    private func rescaled(
        _ operand: Operand,
        to scale: Int,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> Operand {
        guard case .decimal(let own) = operand.kind, own != scale else { return operand }
        guard case .decimal(let decimal)? = operand.literal,
            let same = try? Decimal(decimal.description, scale: scale, digits: Decimal.maximumDigits)
        else { throw TranslationRefusal("a choice between decimals of unlike scales", at: position) }
        return try literal(.decimal(same), at: position)
    }

    private mutating func element(
        of container: Term,
        at index: Term,
        _ position: ExpressionPosition
    ) throws(TranslationRefusal) -> Operand {
        let list = try operand(container)
        if list.kind == .any { return .failure }
        guard case .list(let kind) = list.kind else { throw TranslationRefusal("an element of a map", at: position) }
        guard case .int(let place)? = index.literal else {
            throw TranslationRefusal("an element at a place that depends on the record", at: position)
        }
        guard place >= 0, place < 1_000_000 else { return .failure }
        let element = dialect.element(of: list.sql, holding: kind.element, at: Int(place))
        return Operand(sql: element, kind: kind, fails: true)
    }

    // MARK: What every request knows

    static let knownNames: Set<String> = ["user", "now", "request", "arg"]

    /// Whether a term depends on nothing but what is known with every request, and so will be a literal by then.
    func isKnown(_ term: Term) -> Bool {
        switch term.kind {
        case .literal, .failure: false
        default:
            term.everyPath { path, inner in
                switch path.root {
                case .variable(let name): Self.knownNames.contains(name)
                case .local(let local):
                    if inner.contains(local.slot) { true } else { isKnown(slots[local.slot]) }
                }
            }
        }
    }

    private func isKnown(_ slot: Slot?) -> Bool {
        switch slot {
        case .term(let term, let slots):
            var translator = self
            translator.slots = slots
            return translator.isKnown(term)
        case .operand(let operand): return operand.kind == .any && operand.literal != nil
        default: return false
        }
    }

    /// A literal of which only the type is known yet.
    func assumed(_ type: ValueType) -> Operand {
        let kind: Operand.Kind =
            switch type {
            case .bool: .bool
            case .int, .uint: .whole
            case .double: .double
            case .string, .relation: .text
            case .timestamp: .timestamp
            case .duration: .duration
            case .date: .date
            case .list(let element): .list(assumed(element).kind)
            default: .any
            }
        return Operand(sql: "NULL", kind: kind, literal: .null)
    }
}

extension Operand.Kind {
    /// The one kind of two values in the same place; nil for unlike ones.
    static func joined(_ left: Operand.Kind, _ right: Operand.Kind) -> Operand.Kind? {
        if left == right { return left }
        switch (left, right) {
        case (.null, let other), (.any, let other), (let other, .null), (let other, .any):
            if case .json = other { return nil }
            return other
        default: return nil
        }
    }
}

extension Comprehension {
    var type: ValueType {
        switch kind {
        case .all, .exists, .existsOne: .bool
        default: .dyn
        }
    }
}

extension Term {
    /// Whether something holds of every path in the term. The slots are those of variables that are bound inside of it.
    func everyPath(inside slots: Set<Int> = [], _ holds: (Path, Set<Int>) -> Bool) -> Bool {
        func every(_ terms: [Term?], _ slots: Set<Int>) -> Bool {
            terms.allSatisfy { $0?.everyPath(inside: slots, holds) ?? true }
        }
        switch kind {
        case .literal, .failure: return true
        case .path(let path), .hasPath(let path): return holds(path, slots)
        case .member(let operand, _), .hasMember(let operand, _), .not(let operand), .negate(let operand),
            .matches(let operand, _):
            return every([operand], slots)
        case .and(let operands), .or(let operands), .call(_, let operands), .list(let operands):
            return every(operands, slots)
        case .ternary(let condition, let yes, let no): return every([condition, yes, no], slots)
        case .compare(_, let left, let right), .membership(let left, let right), .arithmetic(_, let left, let right),
            .index(let left, let right):
            return every([left, right], slots)
        case .map(let entries): return every(entries.flatMap { [$0.key, $0.value] }, slots)
        case .comprehension(let comprehension):
            return every([comprehension.range], slots)
                && every(
                    [comprehension.condition, comprehension.body],
                    slots.union(comprehension.variables.map(\.slot))
                )
        case .bind(let local, let value, let body):
            return every([value], slots) && every([body], slots.union([local.slot]))
        }
    }
}
