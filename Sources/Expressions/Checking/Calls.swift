/// Finds the function that a call means and the way it is called.
extension Checker {
    mutating func call(
        _ name: String,
        absolute: Bool,
        receiver: SyntaxNode?,
        _ arguments: [SyntaxNode],
        at position: ExpressionPosition
    ) -> Term {
        if let receiver, let (prefix, _) = Self.chain(receiver), !isLocal(prefix), scope.variables[prefix] == nil {
            // `math.greatest(…)`: a namespace before the dot, not a value.
            if let function = Function(rawValue: "\(prefix).\(name)") {
                return apply(function, to: arguments.map { check($0) }, asMember: false, at: position)
            }
            if Self.namespaces.contains(prefix) {
                return unknownFunction("\(prefix).\(name)", arguments, member: false, at: position)
            }
        }
        guard let function = Function(rawValue: name), function.isCalled(asMember: receiver != nil) else {
            return unknownFunction(
                name,
                (receiver.map { [$0] } ?? []) + arguments,
                member: receiver != nil,
                at: position
            )
        }
        let terms = ((receiver.map { [$0] } ?? []) + arguments).map { check($0) }
        return apply(function, to: terms, asMember: receiver != nil, at: position)
    }

    private static let namespaces: Set<String> = ["math", "strings", "base64", "cel"]

    private mutating func unknownFunction(
        _ name: String,
        _ operands: [SyntaxNode],
        member: Bool,
        at position: ExpressionPosition
    ) -> Term {
        for operand in operands { _ = check(operand) }
        let candidates = Function.allCases.filter { $0.isCalled(asMember: member) }.map(\.rawValue)
        var advice = NearestName.to(name, among: candidates).map { "; did you mean \"\($0)\"?" } ?? ""
        if let function = Function(rawValue: name) {
            advice = "; it is written \(function.usage)"
        }
        let kind = member ? "method" : "function"
        return fault("unknown \(kind) \"\(name)\"\(advice)", at: position, as: .unknownFunction(name))
    }

    private mutating func apply(
        _ function: Function,
        to arguments: [Term],
        asMember: Bool,
        at position: ExpressionPosition
    ) -> Term {
        if function == .greatest || function == .least {
            return extreme(function, arguments, at: position)
        }
        let fitting = function.overloads.filter { overload in
            let types = (overload.receiver.map { [$0] } ?? []) + overload.parameters
            return (overload.receiver != nil) == asMember && types.count == arguments.count
                && zip(types, arguments).allSatisfy { $0.fits($1.type) }
        }
        guard let first = fitting.first else {
            let types = arguments.map(\.type.description)
            let call =
                asMember
                ? "\(types.first ?? "").\(function.rawValue)(\(types.dropFirst().joined(separator: ", ")))"
                : "\(function.rawValue)(\(types.joined(separator: ", ")))"
            complain("\(call) does not exist; expected \(function.usage)", at: position)
            return Term(.call(function, arguments), .dyn, at: position)
        }
        let type = fitting.allSatisfy { $0.result == first.result } ? first.result : .dyn
        return Self.prepared(Term(.call(function, arguments), type, at: position), &self)
    }

    /// Any number of numbers, or one list of them.
    private mutating func extreme(_ function: Function, _ arguments: [Term], at position: ExpressionPosition) -> Term {
        var types = arguments.map(\.type)
        if arguments.count == 1, case .list(let element)? = types.first { types = [element] }
        let numeric = types.allSatisfy { [.dyn, .int, .uint, .double].contains($0) }
        if arguments.isEmpty || !numeric {
            let list = arguments.map(\.type.description).joined(separator: ", ")
            complain("\(function.rawValue)(\(list)) does not exist; expected numbers or a list of them", at: position)
        }
        return Term(.call(function, arguments), Self.joined(types), at: position)
    }

    /// Literals are read now: a pattern is compiled once, and one that cannot be read is a fault of the text.
    private static func prepared(_ call: Term, _ checker: inout Checker) -> Term {
        guard case .call(let function, let arguments) = call.kind else { return call }
        do throws(EvaluationFailure.Reason) {
            switch function {
            case .matches:
                guard case .string(let pattern)? = arguments.last?.literal, let text = arguments.first else {
                    return call
                }
                return Term(.matches(text, try RegularExpression(pattern)), .bool, at: call.position)
            case .decimal, .date, .timestamp, .duration:
                guard case .string(let text)? = arguments.first?.literal else { return call }
                var meter = Meter(stepsAtMost: 1000)
                let value = try function.apply([.string(text)], zones: .fixedOffsetsOnly, meter: &meter)
                return Term(.literal(value), call.type, at: call.position)
            default:
                return call
            }
        } catch {
            checker.complain("\(error)", at: arguments.last?.position ?? call.position)
            return call
        }
    }
}

extension Function {
    func isCalled(asMember: Bool) -> Bool {
        overloads.contains { ($0.receiver != nil) == asMember }
    }

    /// Every way to call it, for a message.
    var usage: String {
        overloads.map { $0.inWords(self) }.joined(separator: " or ")
    }
}
