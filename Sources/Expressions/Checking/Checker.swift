/// Gives every name a meaning and every part a type. Goes on after a fault, so that all of them are told at once.
struct Checker {
    let scope: Scope
    /// CEL without types: unknown names and functions fail when they are run, types are looked at only then.
    let dynamic: Bool
    var faults: [ExpressionFault] = []
    var references: [Reference] = []
    var locals: [Local] = []
    /// Names with a dot among the variables, which the usual scope has none of.
    let hasQualifiedNames: Bool

    init(scope: Scope, dynamic: Bool) {
        self.scope = scope
        self.dynamic = dynamic
        hasQualifiedNames =
            !scope.container.isEmpty || scope.variables.keys.contains { $0.utf8.contains(UInt8(ascii: ".")) }
    }

    /// Notes a fault; in dynamic mode the place fails when it is reached.
    mutating func fault(
        _ message: String,
        at position: ExpressionPosition,
        as reason: EvaluationFailure.Reason
    ) -> Term {
        if !dynamic { faults.append(ExpressionFault(position, message)) }
        return Term(.failure(EvaluationFailure(reason, at: position)), .dyn, at: position)
    }

    /// Notes a fault of types, which only a run could confirm in dynamic mode.
    mutating func complain(_ message: String, at position: ExpressionPosition) {
        if !dynamic { faults.append(ExpressionFault(position, message)) }
    }

    mutating func check(_ node: SyntaxNode) -> Term {
        let position = node.position
        switch node.syntax {
        case .literal(let value): return Term(.literal(value), value.valueType, at: position)
        case .name, .member: return selection(node)
        case .call(let name, let absolute, let receiver, let arguments):
            return call(name, absolute: absolute, receiver: receiver, arguments, at: position)
        case .index(let container, let index): return element(of: container, at: index, position)
        case .list(let elements): return list(elements, at: position)
        case .map(let entries): return map(entries, at: position)
        case .and(let operands): return Term(.and(operands.map { condition($0) }), .bool, at: position)
        case .or(let operands): return Term(.or(operands.map { condition($0) }), .bool, at: position)
        case .not(let operand): return Term(.not(condition(operand)), .bool, at: position)
        case .has(let operand): return presence(of: operand, at: position)
        case .comprehension(let comprehension): return self.comprehension(comprehension, at: position)
        case .bind(let name, let value, let body): return bind(name, value, body, at: position)
        default: return operation(node)
        }
    }

    private mutating func operation(_ node: SyntaxNode) -> Term {
        let position = node.position
        switch node.syntax {
        case .negate(let operand): return negation(operand, at: position)
        case .ternary(let condition, let yes, let no): return choice(condition, yes, no, at: position)
        case .arithmetic(let operation, let left, let right): return arithmetic(operation, left, right, at: position)
        case .compare(let comparison, let left, let right): return compare(comparison, left, right, at: position)
        case .membership(let element, let container): return membership(element, container, at: position)
        default: return fault("this cannot be used here", at: position, as: .noSuchOverload("this operation"))
        }
    }

    // MARK: Collections

    private mutating func list(_ elements: [SyntaxNode], at position: ExpressionPosition) -> Term {
        let terms = elements.map { check($0) }
        return Term(.list(terms), .list(Self.joined(terms.map(\.type))), at: position)
    }

    private mutating func map(
        _ entries: [(key: SyntaxNode, value: SyntaxNode)],
        at position: ExpressionPosition
    ) -> Term {
        var terms: [Term.Entry] = []
        for entry in entries {
            let key = check(entry.key)
            switch key.type {
            case .dyn, .bool, .int, .uint, .string, .relation: break
            default: complain("a key must be a bool, an integer or a string, not \(key.type)", at: key.position)
            }
            terms.append(Term.Entry(key: key, value: check(entry.value)))
        }
        let type = ValueType.map(Self.joined(terms.map(\.key.type)), Self.joined(terms.map(\.value.type)))
        return Term(.map(terms), type, at: position)
    }

    static func joined(_ types: [ValueType]) -> ValueType {
        guard let first = types.first else { return .dyn }
        return types.dropFirst().reduce(first) { $0.joined(with: $1) }
    }

    private mutating func element(of container: SyntaxNode, at index: SyntaxNode, _ position: ExpressionPosition)
        -> Term
    {
        let container = check(container)
        let index = check(index)
        let type: ValueType
        switch container.type {
        case .dyn: type = .dyn
        case .list(let element):
            type = element
            if !index.type.fits(.int) { complain("a list's index is an int, not \(index.type)", at: index.position) }
        case .map(let key, let value):
            type = value
            if !index.type.comparesForEquality(with: key) {
                complain("this map's keys are \(key), not \(index.type)", at: index.position)
            }
        default:
            complain("\(container.type) has no elements", at: position)
            type = .dyn
        }
        return Term(.index(container, index), type, at: position)
    }

    // MARK: Names bound inside

    /// Runs with local variables in sight.
    mutating func with<Result>(_ variables: [Local], _ body: (inout Checker) -> Result) -> Result {
        locals += variables
        let result = body(&self)
        locals.removeLast(variables.count)
        return result
    }

    private mutating func bind(
        _ name: String,
        _ value: SyntaxNode,
        _ body: SyntaxNode,
        at position: ExpressionPosition
    ) -> Term {
        let value = check(value)
        let local = Local(name: name, slot: locals.count, type: value.type)
        let body = with([local]) { $0.check(body) }
        return Term(.bind(local, value: value, body: body), body.type, at: position)
    }

    private mutating func comprehension(_ syntax: SyntaxComprehension, at position: ExpressionPosition) -> Term {
        let range = check(syntax.range)
        let variables = self.variables(of: syntax, over: range)
        let (condition, body) = with(variables) { checker in
            (syntax.condition.map { checker.condition($0) }, syntax.body.map { checker.check($0) })
        }
        let comprehension = Comprehension(
            kind: syntax.kind,
            range: range,
            variables: variables,
            condition: condition,
            body: body
        )
        return Term(.comprehension(comprehension), Self.type(of: comprehension), at: position)
    }

    private mutating func variables(of syntax: SyntaxComprehension, over range: Term) -> [Local] {
        let types: (ValueType, ValueType)
        switch range.type {
        case .list(let element): types = syntax.variables.count == 1 ? (element, .dyn) : (.int, element)
        case .map(let key, let value): types = (key, value)
        case .dyn: types = (.dyn, .dyn)
        default:
            complain("\"\(syntax.kind.rawValue)\" goes through a list or a map, not \(range.type)", at: range.position)
            types = (.dyn, .dyn)
        }
        return syntax.variables.enumerated().map { place, name in
            Local(name: name, slot: locals.count + place, type: place == 0 ? types.0 : types.1)
        }
    }

    private static func type(of comprehension: Comprehension) -> ValueType {
        let result = comprehension.body?.type ?? .dyn
        switch comprehension.kind {
        case .all, .exists, .existsOne: return .bool
        case .filter: return .list(comprehension.variables.first?.type ?? .dyn)
        case .map, .transformList: return .list(result)
        case .transformMap: return .map(comprehension.variables.first?.type ?? .dyn, result)
        case .transformMapEntry: return result
        }
    }
}
