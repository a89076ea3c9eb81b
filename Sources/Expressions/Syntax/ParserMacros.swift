/// Calls that are no functions: they bind names or look at a member without reading it (CEL langdef, "Macros"; the
/// two-variable comprehensions and bindings extensions).
extension Parser {
    mutating func call(
        _ name: String,
        absolute: Bool,
        receiver: SyntaxNode?,
        arguments: [SyntaxNode],
        at position: ExpressionPosition
    ) throws(ExpressionRefusal) -> SyntaxNode {
        if expandsMacros, !absolute,
            let macro = try macro(name, receiver: receiver, arguments: arguments, at: position)
        {
            return macro
        }
        return try node(
            .call(name: name, absolute: absolute, receiver: receiver, arguments: arguments),
            at: position,
            over: (receiver.map { [$0] } ?? []) + arguments
        )
    }

    private mutating func macro(
        _ name: String,
        receiver: SyntaxNode?,
        arguments: [SyntaxNode],
        at position: ExpressionPosition
    ) throws(ExpressionRefusal) -> SyntaxNode? {
        guard let receiver else {
            return name == "has" ? try has(arguments, at: position) : nil
        }
        if name == "bind", case .name("cel", absolute: false) = receiver.syntax {
            return try bind(arguments, at: position)
        }
        guard let kind = Comprehension.Kind(rawValue: name == "existsOne" ? "exists_one" : name) else { return nil }
        guard let form = Self.form(of: kind, arguments: arguments.count, name: name) else {
            throw refusal("\"\(name)\" is written \(Self.usage(kind))", at: position)
        }
        var variables: [String] = []
        for argument in arguments.prefix(form.variables) {
            let variable = try variable(argument)
            guard !variables.contains(variable) else {
                throw refusal("both variables are called \"\(variable)\"", at: argument.position)
            }
            variables.append(variable)
        }
        let rest = arguments.dropFirst(form.variables)
        let comprehension = SyntaxComprehension(
            kind: kind,
            range: receiver,
            variables: variables,
            condition: form.hasCondition ? rest.first : nil,
            body: form.hasBody ? rest.last : nil
        )
        return try node(.comprehension(comprehension), at: position, over: [receiver] + rest)
    }

    private typealias Form = (variables: Int, hasCondition: Bool, hasBody: Bool)

    /// How the arguments are to be read; nil when there are too few or too many.
    private static func form(of kind: Comprehension.Kind, arguments: Int, name: String) -> Form? {
        switch (kind, arguments) {
        case (.all, 2), (.exists, 2), (.existsOne, 2), (.filter, 2): (1, true, false)
        case (.all, 3), (.exists, 3): (2, true, false)
        case (.existsOne, 3): (2, true, false)
        case (.map, 2): (1, false, true)
        case (.map, 3): (1, true, true)
        case (.transformList, 3), (.transformMap, 3), (.transformMapEntry, 3): (2, false, true)
        case (.transformList, 4), (.transformMap, 4), (.transformMapEntry, 4): (2, true, true)
        default: nil
        }
    }

    private static func usage(_ kind: Comprehension.Kind) -> String {
        switch kind {
        case .all, .exists, .existsOne:
            "list.\(kind.rawValue)(element, condition) or list.\(kind.rawValue)(index, element, condition)"
        case .filter: "list.filter(element, condition)"
        case .map: "list.map(element, value) or list.map(element, condition, value)"
        default: "list.\(kind.rawValue)(index, element, value) or with a condition before the value"
        }
    }

    private func variable(_ node: SyntaxNode) throws(ExpressionRefusal) -> String {
        guard case .name(let name, absolute: false) = node.syntax else {
            throw refusal("expected the name of a variable here, such as \"e\"", at: node.position)
        }
        return name
    }

    private mutating func has(
        _ arguments: [SyntaxNode],
        at position: ExpressionPosition
    ) throws(ExpressionRefusal) -> SyntaxNode {
        guard arguments.count == 1, let argument = arguments.first else {
            throw refusal("\"has\" takes one field: has(field) or has(value.field)", at: position)
        }
        switch argument.syntax {
        case .name, .member:
            return try node(.has(argument), at: position, over: [argument])
        default:
            throw refusal("\"has\" takes a field: has(field) or has(value.field)", at: argument.position)
        }
    }

    private mutating func bind(
        _ arguments: [SyntaxNode],
        at position: ExpressionPosition
    ) throws(ExpressionRefusal) -> SyntaxNode {
        guard arguments.count == 3 else {
            throw refusal("\"cel.bind\" is written cel.bind(name, value, expression)", at: position)
        }
        let name = try variable(arguments[0])
        return try node(
            .bind(name: name, value: arguments[1], body: arguments[2]),
            at: position,
            over: [arguments[1], arguments[2]]
        )
    }
}
