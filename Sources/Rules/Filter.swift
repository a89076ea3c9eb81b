import OffstageExpressions
package import OffstageSchema
import OffstageStorage

/// A filter that came with a request: read against what its caller may see, and nothing else.
extension View {
    package static let filterCharactersAtMost = Limits.filter.charactersAtMost

    /// Reads `state == "new" && price < decimal(arg.most)`.
    ///
    /// - Parameter arguments: the values of `arg`, all of them texts.
    /// - Returns: the condition, for rows that go by the collection's name.
    /// - Throws: `.malformed` with the place of each fault. A field that the caller may not read is one that does not exist.
    package func filter(
        _ text: String,
        arguments: [(name: String, value: String)] = []
    ) throws(Failure) -> Permission {
        let filter = try read(text, arguments)
        return try permission(filter.folded.decision, filter.sight)
    }

    /// The filter as it is for its caller, taken apart.
    package func explainedFilter(
        _ text: String,
        arguments: [(name: String, value: String)] = []
    ) throws(Failure) -> ExplainedRule {
        let filter = try read(text, arguments)
        let reader = PartReader(
            scope: filter.sight.scope(arguments: arguments.map(\.name)),
            known: filter.known,
            limits: .filter
        ) {
            (decision) throws(Failure) in try permission(decision, filter.sight)
        }
        return ExplainedRule(
            text: text,
            folded: filter.folded.text,
            failure: filter.folded.failure,
            permission: try permission(filter.folded.decision, filter.sight),
            part: reader.question(filter.checked.parts),
            indexHints: hints(filter.folded.decision)
        )
    }

    /// A filter that was read and folded, and who sees what of the collections that it names.
    private struct FilterRead {
        let checked: Checked
        let folded: Folded
        let known: Known
        let sight: FilterSight
    }

    private func read(_ text: String, _ arguments: [(name: String, value: String)]) throws(Failure) -> FilterRead {
        let sight = rules.sight(collection, for: asker, dialect)
        let checked: Checked
        do throws(ExpressionRefusal) {
            checked = try sight.filter(text, arguments: arguments.map(\.name))
        } catch {
            throw Self.malformed(error.faults)
        }
        try refuseUnused(arguments, checked)
        let known = asker.known(arguments.map { ($0.name, .string($0.value)) })
        let folded = checked.fold(known)
        if case .failure(let failure) = folded, case .invalidArgument = failure.reason {
            throw Self.malformed([ExpressionFault(failure.position, "\(failure.reason)")])
        }
        return FilterRead(checked: checked, folded: folded, known: known, sight: sight)
    }

    /// A misspelt argument must not silently do nothing.
    private func refuseUnused(
        _ arguments: [(name: String, value: String)],
        _ checked: Checked
    ) throws(Failure) {
        for (name, _) in arguments {
            let isUsed = checked.references.contains { reference in
                reference.path.root == .variable("arg") && reference.path.steps.first?.name == name
            }
            guard isUsed else {
                throw Failure(.malformed, "The parameter \"arg.\(name.prefix(80))\" is not used by the filter.")
            }
        }
    }

    private func permission(_ decision: Decision, _ sight: FilterSight) throws(Failure) -> Permission {
        do throws(TranslationRefusal) {
            return try translated(decision, of: nil, seeing: sight.conditions)
        } catch {
            guard !error.isOfRule else { throw undecidable(error.fault) }
            throw Self.malformed([error.fault])
        }
    }

    private static func malformed(_ faults: [ExpressionFault]) -> Failure {
        Failure(.malformed, "filter: " + faults.prefix(10).map(\.description).joined(separator: "\n"))
    }
}
