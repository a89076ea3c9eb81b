import OffstageExpressions
package import OffstageSchema
import OffstageStorage

/// The rules of a collection as somebody meets them, for people who ask why.
extension View {
    /// The rule of a verb. At creation it is asked of the new record.
    package func explained(_ verb: Access.Verb) throws(Failure) -> ExplainedRule {
        let scopes = CatalogScope(catalog: rules.catalog)
        let scope = verb == .update ? scopes.updateScope(of: collection) : scopes.scope(of: collection)
        return try explained(
            own.access[verb] ?? .nobody,
            text: Self.text(collection.access[verb]),
            scope,
            of: verb == .create ? .candidate : nil
        )
    }

    /// The rule of reading a field.
    package func explained(readable position: Int) throws(Failure) -> ExplainedRule {
        try explained(field: position, own.readable, text: collection.fields[position].readable)
    }

    /// The rule of setting a field.
    package func explained(writable position: Int) throws(Failure) -> ExplainedRule {
        try explained(field: position, own.writable, text: collection.fields[position].writable)
    }

    private func explained(field position: Int, _ rules: [CheckedRule], text: Rule) throws(Failure) -> ExplainedRule {
        try explained(
            rules.indices.contains(position) ? rules[position] : .nobody,
            text: Self.text(text),
            CatalogScope(catalog: self.rules.catalog).scope(of: collection),
            of: nil
        )
    }

    private func explained(
        _ rule: CheckedRule,
        text: String?,
        _ scope: Scope,
        of alias: SQL.Name?
    ) throws(Failure) -> ExplainedRule {
        let decision = rule.decide(known, isTeam: principal.isTeam)
        let permission = try permission(decision, of: alias)
        guard case .expression(let checked) = rule, !principal.isTeam else {
            return ExplainedRule(text: text, folded: permission == .always ? "true" : "false", permission: permission)
        }
        let folded = checked.fold(known)
        let reader = PartReader(scope: scope, known: known, limits: .rule) { decision throws(Failure) in
            try self.permission(decision, of: alias)
        }
        return ExplainedRule(
            text: text,
            folded: folded.text,
            failure: folded.failure,
            permission: permission,
            part: reader.question(checked.parts),
            indexHints: hints(decision)
        )
    }

    func hints(_ decision: Decision) -> [IndexHint] {
        if case .when(let term) = decision { IndexHint.of(term, collection) } else { [] }
    }

    private static func text(_ rule: Rule) -> String? {
        switch rule {
        case .nobody: nil
        case .everybody: "true"
        case .expression(let text): text
        }
    }
}
