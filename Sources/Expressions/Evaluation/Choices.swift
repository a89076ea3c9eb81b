/// Operations that do not need all of their operands.
extension Interpreter {
    /// `&&` and `||`. The absorbing operand wins on either side of a failure (CEL langdef, "Logical Operators").
    mutating func junction(_ operands: [Term], absorbing: Bool, _ term: Term) -> Outcome {
        var failure: EvaluationFailure?
        var left: [Term] = []
        for operand in operands {
            switch run(operand) {
            case .value(.bool(absorbing)): return .value(.bool(absorbing))
            case .value(.bool): break
            case .value(let value):
                let reason = EvaluationFailure.Reason.noSuchOverload("\(value.typeName) in a condition")
                failure = failure ?? EvaluationFailure(reason, at: operand.position)
            case .failure(let found):
                if found.reason == .costExceeded { return .failure(found) }
                failure = failure ?? found
            case .residual(let rest): left.append(rest)
            }
        }
        return joined(left, failure, absorbing: absorbing, term)
    }

    /// What is left of `&&` or `||` after values that decide nothing are gone.
    func joined(_ left: [Term], _ failure: EvaluationFailure?, absorbing: Bool, _ term: Term) -> Outcome {
        guard !left.isEmpty else { return failure.map(Outcome.failure) ?? .value(.bool(!absorbing)) }
        var operands = left
        if let failure { operands.append(Term(.failure(failure), .bool, at: failure.position)) }
        if operands.count == 1, let only = operands.first, only.type == .bool { return .residual(only) }
        // A lone operand whose type is unknown keeps the junction, which is what checks that it is a bool.
        return .residual(Term(absorbing ? .or(operands) : .and(operands), .bool, at: term.position))
    }

    mutating func choose(
        _ condition: Term,
        _ yes: Term,
        _ no: Term,
        _ term: Term
    ) throws(EvaluationFailure.Reason) -> Outcome {
        switch run(condition) {
        case .value(.bool(let decided)): return run(decided ? yes : no)
        case .value(let value): throw .noSuchOverload("\(value.typeName) ? _ : _")
        case .failure(let failure): return .failure(failure)
        case .residual(let rest):
            let yes = standing(run(yes), for: yes)
            let no = standing(run(no), for: no)
            return .residual(Term(.ternary(condition: rest, yes: yes, no: no), term.type, at: term.position))
        }
    }

    /// The value is bound as it is, a failure too: one that nobody reads does no harm.
    mutating func bind(_ local: Local, _ value: Term, _ body: Term, _ term: Term) -> Outcome {
        let bound = run(value)
        switch bound {
        case .value(let value): set(local, to: .value(value))
        case .failure(let failure):
            if failure.reason == .costExceeded { return bound }
            set(local, to: .failure(failure))
        case .residual: set(local, to: .unknown)
        }
        let outcome = run(body)
        guard case .residual(let rest) = outcome, case .residual(let value) = bound else { return outcome }
        return .residual(Term(.bind(local, value: value, body: rest), term.type, at: term.position))
    }
}
