/// Types of the operators.
extension Checker {
    /// A part that must be true or false.
    mutating func condition(_ node: SyntaxNode) -> Term {
        let term = check(node)
        if !term.type.fits(.bool) {
            complain("expected true or false here, not \(term.type)", at: term.position)
        }
        return term
    }

    mutating func choice(
        _ condition: SyntaxNode,
        _ yes: SyntaxNode,
        _ no: SyntaxNode,
        at position: ExpressionPosition
    ) -> Term {
        let condition = self.condition(condition)
        let yes = check(yes)
        let no = check(no)
        var type = yes.type.joined(with: no.type)
        if yes.type == .null { type = no.type }
        if no.type == .null { type = yes.type }
        if type == .dyn, yes.type != .dyn, no.type != .dyn, !yes.type.fits(no.type) {
            complain("the values of the condition are of unlike types: \(yes.type) and \(no.type)", at: position)
        }
        return Term(.ternary(condition: condition, yes: yes, no: no), type, at: position)
    }

    mutating func negation(_ operand: SyntaxNode, at position: ExpressionPosition) -> Term {
        let operand = check(operand)
        switch operand.type {
        case .dyn, .int, .double, .duration, .decimal: break
        default: complain("\"-\" does not exist for \(operand.type)", at: position)
        }
        return Term(.negate(operand), operand.type, at: position)
    }

    mutating func arithmetic(
        _ operation: Term.Arithmetic,
        _ left: SyntaxNode,
        _ right: SyntaxNode,
        at position: ExpressionPosition
    ) -> Term {
        let left = check(left)
        let right = check(right)
        let type = operation.result(left.type, right.type)
        if type == nil {
            let operands = "\(left.type) and \(right.type)"
            complain("\"\(operation.rawValue)\" does not exist for \(operands)\(Self.hint(left, right))", at: position)
        }
        return Term(.arithmetic(operation, left, right), type ?? .dyn, at: position)
    }

    mutating func compare(
        _ comparison: Term.Comparison,
        _ left: SyntaxNode,
        _ right: SyntaxNode,
        at position: ExpressionPosition
    ) -> Term {
        let left = check(left)
        let right = check(right)
        let possible =
            switch comparison {
            case .equal, .notEqual: left.type.comparesForEquality(with: right.type)
            default: left.type.comparesForOrder(with: right.type)
            }
        if !possible {
            let operands = "\(left.type) and \(right.type)"
            complain("\"\(comparison.rawValue)\" cannot compare \(operands)\(Self.hint(left, right))", at: position)
        }
        return Term(.compare(comparison, left, right), .bool, at: position)
    }

    mutating func membership(_ element: SyntaxNode, _ container: SyntaxNode, at position: ExpressionPosition) -> Term {
        let element = check(element)
        let container = check(container)
        switch container.type {
        case .dyn: break
        case .list(let type), .map(let type, _):
            if !element.type.comparesForEquality(with: type) {
                complain("\"in\" cannot compare \(element.type) with the \(type) inside", at: position)
            }
        default: complain("\"in\" looks into a list or a map, not \(container.type)", at: position)
        }
        return Term(.membership(element, of: container), .bool, at: position)
    }

    /// What to write instead, where a literal of the wrong kind was written.
    private static func hint(_ left: Term, _ right: Term) -> String {
        let (other, literal) = left.literal == nil ? (left, right) : (right, left)
        switch (other.type, literal.literal) {
        case (.decimal, .double(let value)): return "; write decimal(\"\(DoubleText.plain(value))\")"
        case (.decimal, .string(let text)): return "; write decimal(\"\(text)\")"
        case (.date, .string(let text)): return "; write date(\"\(text)\")"
        case (.timestamp, .string(let text)): return "; write timestamp(\"\(text)\")"
        case (.duration, .string(let text)): return "; write duration(\"\(text)\")"
        case (.double, .int(let value)): return "; write \(value).0"
        case (.int, .double(let value)) where value == value.rounded():
            return "; write \(DoubleText.plain(value))"
        default: return ""
        }
    }
}

extension Term.Arithmetic {
    /// The type of the result; nil when the operation does not exist for the operands.
    func result(_ left: ValueType, _ right: ValueType) -> ValueType? {
        switch (self, left, right) {
        case (_, .dyn, .dyn), (_, .dyn, _), (_, _, .dyn): return exists(for: left == .dyn ? right : left) ? .dyn : nil
        case (_, .int, .int), (_, .uint, .uint): return left
        case (_, .double, .double): return self == .remainder ? nil : .double
        case (.add, .string, .string), (.add, .bytes, .bytes): return left
        case (.add, .string, .relation), (.add, .relation, .string), (.add, .relation, .relation): return .string
        case (.add, .list(let left), .list(let right)): return .list(left.joined(with: right))
        case (.add, .timestamp, .duration), (.add, .duration, .timestamp), (.subtract, .timestamp, .duration):
            return .timestamp
        case (.subtract, .timestamp, .timestamp): return .duration
        case (.add, .duration, .duration), (.subtract, .duration, .duration): return .duration
        case (.add, .decimal, .decimal), (.subtract, .decimal, .decimal): return .decimal
        case (.add, .decimal, .int), (.add, .int, .decimal), (.subtract, .decimal, .int), (.subtract, .int, .decimal),
            (.multiply, .decimal, .int), (.multiply, .int, .decimal):
            return .decimal
        default: return nil
        }
    }

    /// Whether any overload has this operand.
    private func exists(for operand: ValueType) -> Bool {
        switch operand {
        case .dyn, .int, .uint: true
        case .double: self != .remainder
        case .string, .bytes, .list, .relation: self == .add
        case .timestamp, .duration: self == .add || self == .subtract
        case .decimal: self == .add || self == .subtract || self == .multiply
        default: false
        }
    }
}
