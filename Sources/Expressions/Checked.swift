/// Where an expression reads a variable, with the fields it reads from it.
package struct Reference: Hashable, Sendable {
    package let path: Path
    /// Of the last name in the path.
    package let position: ExpressionPosition
}

/// An expression that parsed and fits its scope. The only form that anything outside of this room takes.
package struct Checked: Sendable {
    package let text: String
    /// The tree as written.
    package let tree: Term
    /// Every path that is read, in the order of the text. A path is listed whole: `course.teacher`, not `course` too.
    package let references: [Reference]
    private let prepared: Term
    private let stepsAtMost: Int

    package var type: ValueType { tree.type }

    /// Reads and checks an expression.
    ///
    /// - Parameters:
    ///   - expected: the type it must have, such as `.bool` for a rule; nil for any.
    /// - Throws: every fault of names and types at once, or the one fault of syntax.
    package init(
        _ text: String,
        in scope: Scope,
        expecting expected: ValueType? = nil,
        limits: Limits = .rule
    ) throws(ExpressionRefusal) {
        try self.init(text, in: scope, expecting: expected, limits: limits, dynamic: false)
    }

    /// Reads an expression without checking its types: unknown names and unlike types fail when it runs.
    package static func unchecked(
        _ text: String,
        in scope: Scope,
        limits: Limits = .rule,
        expandsMacros: Bool = true
    ) throws(ExpressionRefusal) -> Checked {
        try Checked(text, in: scope, expecting: nil, limits: limits, dynamic: true, expandsMacros: expandsMacros)
    }

    private init(
        _ text: String,
        in scope: Scope,
        expecting expected: ValueType?,
        limits: Limits,
        dynamic: Bool,
        expandsMacros: Bool = true
    ) throws(ExpressionRefusal) {
        let syntax = try Parser.parse(text, limits: limits, expandsMacros: expandsMacros)
        var checker = Checker(scope: scope, dynamic: dynamic)
        let tree = checker.check(syntax)
        if let expected, checker.faults.isEmpty, !tree.type.fits(expected) {
            checker.complain("expected \(expected) as the result, not \(tree.type)", at: tree.position)
        }
        guard checker.faults.isEmpty else { throw ExpressionRefusal(checker.faults) }
        self.text = text
        self.tree = tree
        references = checker.references
        stepsAtMost = limits.stepsAtMost
        prepared = Self.prepared(tree, stepsAtMost: limits.stepsAtMost)
    }

    /// Constant parts become their values once, here. A tree that is too costly even so is kept and fails when it runs.
    private static func prepared(_ tree: Term, stepsAtMost: Int) -> Term {
        var interpreter = Interpreter(
            known: Known(),
            keepsUnknown: true,
            waitsForZones: true,
            stepsAtMost: min(stepsAtMost, Limits.stepsOfChecking)
        )
        let outcome = interpreter.run(tree)
        if case .failure(let failure) = outcome, failure.reason == .costExceeded { return tree }
        return interpreter.standing(outcome, for: tree)
    }

    /// Runs it with values for all variables that it needs.
    package func evaluate(_ known: Known) -> Result<Datum, EvaluationFailure> {
        var interpreter = Interpreter(known: known, keepsUnknown: false, stepsAtMost: stepsAtMost)
        switch interpreter.run(prepared) {
        case .value(let value): return .success(value)
        case .failure(let failure): return .failure(failure)
        case .residual(let rest):
            return .failure(EvaluationFailure(.unknownName(rest.path?.text ?? ""), at: rest.position))
        }
    }

    /// Evaluates everything that does not depend on variables without a value.
    package func fold(_ known: Known) -> Folded {
        var interpreter = Interpreter(known: known, keepsUnknown: true, stepsAtMost: stepsAtMost)
        switch interpreter.run(prepared) {
        case .value(let value): return .value(value)
        case .failure(let failure): return .failure(failure)
        case .residual(let rest): return .residual(rest)
        }
    }

    /// Folds a rule to a decision, or to the condition that is left. See ``Folded/decision``.
    package func decide(_ known: Known) -> Decision {
        fold(known).decision
    }
}
