/// Resolves names (CEL langdef, "Name Resolution"): local variables first, then the scope's, from the container outwards.
extension Checker {
    /// A name with members after it: a path as far as variables and their fields go.
    mutating func selection(_ node: SyntaxNode) -> Term {
        if let resolved = qualified(node) { return resolved }
        switch node.syntax {
        case .member(let owner, let name): return member(name, of: check(owner), at: node.position)
        case .name(let name, _): return unknown(name, at: node.position)
        default: return check(node)
        }
    }

    /// The variable or type that a whole chain of names means; nil when only a part of it is one.
    private mutating func qualified(_ node: SyntaxNode) -> Term? {
        guard let (name, absolute) = Self.chain(node) else { return nil }
        if !absolute, case .name = node.syntax, let local = locals.last(where: { $0.name == name }) {
            return path(root: .local(local), local.type, nullable: false, at: node.position)
        }
        if !absolute, isLocal(name) { return nil }
        for candidate in candidates(name, absolute: absolute) {
            if let variable = scope.variables[candidate] {
                return path(root: .variable(candidate), variable.type, nullable: variable.nullable, at: node.position)
            }
        }
        guard Datum.typeNames.contains(name) else { return nil }
        return Term(.literal(.type(name)), .type, at: node.position)
    }

    private mutating func path(
        root: Path.Root,
        _ type: ValueType,
        nullable: Bool,
        at position: ExpressionPosition
    ) -> Term {
        let path = Path(root: root, rootType: type, rootNullable: nullable, steps: [])
        references.append(Reference(path: path, position: position))
        return Term(.path(path), type, at: position)
    }

    /// `a.b.c` as one name, when nothing but names is in it.
    static func chain(_ node: SyntaxNode) -> (name: String, absolute: Bool)? {
        switch node.syntax {
        case .name(let name, let absolute): return (name, absolute)
        case .member(let owner, let name):
            guard let (prefix, absolute) = chain(owner) else { return nil }
            return ("\(prefix).\(name)", absolute)
        default: return nil
        }
    }

    /// Whether the first part of a name is a local variable, which hides everything else of that name.
    func isLocal(_ name: String) -> Bool {
        let first = name.prefix { $0 != "." }
        return locals.contains { $0.name == first }
    }

    /// Full names that a name may mean, in the order they are tried: in the container, then in what contains it.
    func candidates(_ name: String, absolute: Bool) -> [String] {
        guard hasQualifiedNames, !absolute, !scope.container.isEmpty else { return [name] }
        var candidates: [String] = []
        var parts = scope.container.split(separator: ".")
        while !parts.isEmpty {
            candidates.append(parts.joined(separator: ".") + "." + name)
            parts.removeLast()
        }
        return candidates + [name]
    }

    private mutating func unknown(_ name: String, at position: ExpressionPosition) -> Term {
        let known = scope.variables.keys.map { String($0) } + locals.map(\.name)
        let nearest = NearestName.to(name, among: known)
        let suggestion = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
        return fault("unknown name \"\(name)\"\(suggestion)", at: position, as: .unknownName(name))
    }

    // MARK: Members

    private mutating func member(_ name: String, of owner: Term, at position: ExpressionPosition) -> Term {
        guard let field = field(name, of: owner, at: position) else {
            return Term(.failure(EvaluationFailure(.noSuchField(name), at: position)), .dyn, at: position)
        }
        guard case .path(let path) = owner.kind else {
            return Term(.member(owner, name), field.type, at: position)
        }
        let step = Path.Step(name: name, from: owner.type, type: field.type, nullable: field.nullable)
        let longer = path.appending(step)
        if references.last?.path == path { references.removeLast() }
        references.append(Reference(path: longer, position: position))
        if longer.relations > scope.relationsAtMost {
            complain("this goes through more than \(scope.relationsAtMost) relations", at: position)
        }
        return Term(.path(longer), field.type, at: position)
    }

    /// What the scope says about a member; nil after a fault.
    private mutating func field(_ name: String, of owner: Term, at position: ExpressionPosition) -> Scope.Variable? {
        switch owner.type {
        case .dyn: return Scope.Variable(.dyn)
        case .map(_, let value): return Scope.Variable(value)
        case .record(let type), .relation(let type):
            let fields = scope.recordTypes[type] ?? [:]
            if let field = fields[name] { return field }
            let nearest = NearestName.to(name, among: fields.keys)
            let suggestion = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
            let place = owner.path.map { "\"\($0.text)\"" } ?? "\(owner.type)"
            complain("\(place) has no field \"\(name)\"\(suggestion)", at: position)
            return dynamic ? Scope.Variable(.dyn) : nil
        default:
            if case .failure = owner.kind { return nil }
            complain("\(owner.type) has no members, so no \"\(name)\"", at: position)
            return dynamic ? Scope.Variable(.dyn) : nil
        }
    }

    mutating func presence(of operand: SyntaxNode, at position: ExpressionPosition) -> Term {
        let term = selection(operand)
        switch term.kind {
        case .path(let path): return Term(.hasPath(path), .bool, at: position)
        case .member(let owner, let name): return Term(.hasMember(owner, name), .bool, at: position)
        case .failure: return Term(term.kind, .bool, at: position)
        default: return fault("\"has\" takes a field", at: position, as: .noSuchOverload("has"))
        }
    }
}

extension Path {
    /// How many relations it goes through.
    package var relations: Int {
        steps.count { step in
            if case .relation = step.from { true } else { false }
        }
    }
}
