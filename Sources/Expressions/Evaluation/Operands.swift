/// Strict operations: a failed operand fails them, an unknown one leaves them standing over what the others became.
extension Interpreter {
    typealias Operation<Operand> = (Operand, inout Meter) throws(EvaluationFailure.Reason) -> Datum

    mutating func unary(
        _ operand: Term,
        _ term: Term,
        _ apply: Operation<Datum>,
        rebuild: (Term) -> Term.Kind
    ) throws(EvaluationFailure.Reason) -> Outcome {
        switch run(operand) {
        case .value(let value): .value(try apply(value, &meter))
        case .failure(let failure): .failure(failure)
        case .residual(let rest): .residual(Term(rebuild(rest), term.type, at: term.position))
        }
    }

    mutating func binary(
        _ left: Term,
        _ right: Term,
        _ term: Term,
        _ apply: (Datum, Datum, inout Meter) throws(EvaluationFailure.Reason) -> Datum,
        rebuild: (Term, Term) -> Term.Kind
    ) throws(EvaluationFailure.Reason) -> Outcome {
        let first = run(left)
        if case .failure = first { return first }
        let second = run(right)
        switch (first, second) {
        case (_, .failure): return second
        case (.value(let first), .value(let second)): return .value(try apply(first, second, &meter))
        default: break
        }
        let kind = rebuild(standing(first, for: left), standing(second, for: right))
        return .residual(Term(kind, term.type, at: term.position))
    }

    mutating func many(
        _ operands: [Term],
        _ term: Term,
        waits: Bool = false,
        _ apply: Operation<[Datum]>,
        rebuild: ([Term]) -> Term.Kind
    ) throws(EvaluationFailure.Reason) -> Outcome {
        var values: [Datum] = []
        values.reserveCapacity(operands.count)
        // Filled from the first operand that is left standing, with the values before it.
        var outcomes: [Outcome]?
        for operand in operands {
            let outcome = run(operand)
            switch outcome {
            case .failure: return outcome
            case .value(let value) where outcomes == nil: values.append(value)
            default: outcomes = (outcomes ?? values.map(Outcome.value)) + [outcome]
            }
        }
        if outcomes == nil, !waits { return .value(try apply(values, &meter)) }
        let terms = zip(outcomes ?? values.map(Outcome.value), operands).map { standing($0, for: $1) }
        return .residual(Term(rebuild(terms), term.type, at: term.position))
    }

    /// An outcome as a node of the tree that is left.
    func standing(_ outcome: Outcome, for term: Term) -> Term {
        switch outcome {
        case .value(let value):
            Term(.literal(value), term.type == .dyn ? value.valueType : term.type, at: term.position)
        case .failure(let failure): Term(.failure(failure), term.type, at: term.position)
        case .residual(let rest): rest
        }
    }
}
