package import OffstageExpressions
package import OffstageSchema
import OffstageStorage

/// A rule or a filter as it is for one principal: for people who ask why.
package struct ExplainedRule: Sendable {
    /// As it stands in the app file; nil of a rule that is absent.
    package let text: String?
    /// What folding left, as an expression: `true`, `false` or the condition.
    package let folded: String
    /// Why it is `false` for this principal, when that is a failure.
    package let failure: String?
    package let permission: Permission
    /// Taken apart; nil when there is no expression to take apart.
    package let part: PartQuestion?
    /// Columns that an index would have to start with to find the records: a set for each alternative.
    package let indexHints: [IndexHint]

    init(
        text: String?,
        folded: String,
        failure: String? = nil,
        permission: Permission,
        part: PartQuestion? = nil,
        indexHints: [IndexHint] = []
    ) {
        self.text = text
        self.folded = folded
        self.failure = failure
        self.permission = permission
        self.part = part
        self.indexHints = indexHints
    }
}

/// A part of a rule as two questions to a database: where it is true, and where it is false. Where it is neither, it fails.
package struct PartQuestion: Sendable {
    package indirect enum Kind: Sendable {
        case single
        /// Joined by `&&`.
        case all([PartQuestion])
        /// Joined by `||`.
        case any([PartQuestion])
    }

    package let text: String
    package let kind: Kind
    package let yes: Permission
    package let no: Permission
    /// What it fails with for this principal, whatever the record is.
    package let failure: EvaluationFailure?
    private let part: ExpressionPart
    private let checked: Checked
    private let known: Known

    init(_ part: ExpressionPart, kind: Kind, _ checked: Checked, _ known: Known, yes: Permission, no: Permission) {
        self.part = part
        self.kind = kind
        self.checked = checked
        self.known = known
        self.yes = yes
        self.no = no
        text = part.text
        if case .failure(let failure) = checked.fold(known) {
            self.failure = EvaluationFailure(failure.reason, at: part.whole(failure.position))
        } else {
            failure = nil
        }
    }

    /// Why the part fails on a record; nil when that is not known without looking at others.
    package func failure(on record: Record, new: Record?, of collection: Collection) -> EvaluationFailure? {
        if let failure { return failure }
        let looksElsewhere = checked.references.contains { reference in
            reference.path.root == .variable("records")
                || reference.path.steps.contains { if case .relation = $0.from { true } else { false } }
        }
        guard !looksElsewhere else { return nil }
        var known = known
        let fields = DatumMap(record, of: collection)
        for (key, value) in zip(fields.keys, fields.values) {
            if case .string(let name) = key { known.values[name] = value }
        }
        if let new { known.values["new"] = .map(DatumMap(new, of: collection)) }
        guard case .failure(let failure) = checked.evaluate(known) else { return nil }
        return EvaluationFailure(failure.reason, at: part.whole(failure.position))
    }
}

/// Takes an expression apart and asks each part for both of its values.
struct PartReader {
    let scope: Scope
    let known: Known
    let limits: Limits
    let condition: (Decision) throws(Failure) -> Permission

    /// - Returns: nil when a part cannot be asked for by itself.
    func question(_ part: ExpressionPart) -> PartQuestion? {
        guard let checked = try? Checked(part.text, in: scope, expecting: .bool, limits: limits) else { return nil }
        let folded = checked.fold(known)
        guard let yes = try? condition(folded.decision), let no = try? condition(folded.refusal) else { return nil }
        return PartQuestion(part, kind: kind(part.kind), checked, known, yes: yes, no: no)
    }

    private func kind(_ kind: ExpressionPart.Kind) -> PartQuestion.Kind {
        switch kind {
        case .single: return .single
        case .all(let parts):
            let questions = parts.compactMap { question($0) }
            return questions.count == parts.count ? .all(questions) : .single
        case .any(let parts):
            let questions = parts.compactMap { question($0) }
            return questions.count == parts.count ? .any(questions) : .single
        }
    }
}

extension Folded {
    var text: String {
        switch decision {
        case .always: "true"
        case .never: "false"
        case .when(let term): term.text
        }
    }

    /// What keeps it from being true; with its place when the whole expression fails.
    var failure: String? {
        if case .failure(let failure) = self { return "\(failure)" }
        if case .never(.some(let reason)) = decision { return "\(reason)" }
        return nil
    }
}
