/// What folding left of an expression.
package enum Folded: Sendable {
    case value(Datum)
    /// It fails whatever the record is.
    case failure(EvaluationFailure)
    /// The part that depends on unknown variables. Known parts stand in it as literals; parts that can only fail as
    /// ``Term/Kind/failure(_:)``.
    case residual(Term)

    /// The answer as a rule, where an error means no.
    package var decision: Decision {
        switch self {
        case .value(.bool(true)): .always
        case .value(let value):
            if case .bool = value { .never(nil) } else { .never(.noSuchOverload("\(value.typeName) as a rule")) }
        case .failure(let failure): .never(failure.reason)
        case .residual(let term): Decision.when(term, is: true)
        }
    }

    /// Where the answer is a plain `false`: neither true nor a failure.
    package var refusal: Decision {
        switch self {
        case .value(.bool(let value)): value ? .never(nil) : .always
        case .value(let value): .never(.noSuchOverload("\(value.typeName) as a rule"))
        case .failure(let failure): .never(failure.reason)
        case .residual(let term): Decision.when(term, is: false)
        }
    }
}

/// A rule's answer for one principal, before any record is looked at.
package enum Decision: Sendable {
    case always
    /// With the reason when it is a failure rather than `false`.
    case never(EvaluationFailure.Reason?)
    /// Where this is true; where it is false or fails, no. It contains no part that can only fail, except below an
    /// operation that needs it.
    case when(Term)

    /// Where a term has this value, with failures that cannot lead there taken away: a failed operand of `||` never makes
    /// it true, one of `&&` never lets it be, and behind a `!` it is the other way round.
    static func when(_ term: Term, is wanted: Bool) -> Decision {
        switch term.kind {
        case .literal(.bool(let value)): return value == wanted ? .always : .never(nil)
        case .literal(let value): return .never(.noSuchOverload("\(value.typeName) as a rule"))
        case .failure(let failure): return .never(failure.reason)
        case .not(let operand): return when(operand, is: !wanted)
        case .or(let operands): return junction(operands, term, wanted: wanted, anySuffices: wanted)
        case .and(let operands): return junction(operands, term, wanted: wanted, anySuffices: !wanted)
        case .comprehension(let comprehension): return through(comprehension, term, wanted)
        case .compare(.equal, let left, let right) where !wanted:
            return .when(Term(.compare(.notEqual, left, right), .bool, at: term.position))
        case .compare(.notEqual, let left, let right) where !wanted:
            return .when(Term(.compare(.equal, left, right), .bool, at: term.position))
        default: return .when(wanted ? term : Term(.not(term), .bool, at: term.position))
        }
    }

    /// `||` being true and `&&` being false need one operand; the other two cases need all.
    private static func junction(
        _ operands: [Term],
        _ term: Term,
        wanted: Bool,
        anySuffices: Bool
    ) -> Decision {
        var left: [Term] = []
        var reason: EvaluationFailure.Reason?
        for operand in operands {
            switch when(operand, is: wanted) {
            case .always: if anySuffices { return .always }
            case .never(let found):
                if !anySuffices { return .never(found) }
                reason = reason ?? found
            case .when(let rest): left.append(rest)
            }
        }
        guard let first = left.first else { return anySuffices ? .never(reason) : .always }
        if left.count == 1 { return .when(first) }
        return .when(Term(anySuffices ? .or(left) : .and(left), .bool, at: term.position))
    }

    /// `exists` is true where its condition is true for an element; `all` is false where it is false for one.
    private static func through(_ comprehension: Comprehension, _ term: Term, _ wanted: Bool) -> Decision {
        let standing = Decision.when(wanted ? term : Term(.not(term), .bool, at: term.position))
        guard let condition = comprehension.condition,
            (comprehension.kind == .exists && wanted) || (comprehension.kind == .all && !wanted)
        else { return standing }
        switch when(condition, is: wanted) {
        case .never(let reason): return .never(reason)
        case .always: return standing
        case .when(let rest):
            let simpler = Comprehension(
                kind: .exists,
                range: comprehension.range,
                variables: comprehension.variables,
                condition: rest,
                body: nil
            )
            return .when(Term(.comprehension(simpler), .bool, at: term.position))
        }
    }
}
