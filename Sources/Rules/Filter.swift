import OffstageExpressions
package import OffstageSchema
import OffstageStorage

/// A filter that came with a request: read against what its caller may see, and nothing else.
extension View {
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
        return try permission(filter.folded.decision, filter.views)
    }

    /// The filter as it is for its caller, taken apart.
    package func explainedFilter(
        _ text: String,
        arguments: [(name: String, value: String)] = []
    ) throws(Failure) -> ExplainedRule {
        let filter = try read(text, arguments)
        let reader = PartReader(scope: scope(arguments, filter.views), known: filter.known, limits: .filter) {
            (decision) throws(Failure) in try permission(decision, filter.views)
        }
        return ExplainedRule(
            text: text,
            folded: filter.folded.text,
            failure: filter.folded.failure,
            permission: try permission(filter.folded.decision, filter.views),
            part: reader.question(filter.checked.parts),
            indexHints: hints(filter.folded.decision)
        )
    }

    /// A filter that was read and folded, and who sees what of the collections that it names.
    private struct FilterRead {
        let checked: Checked
        let folded: Folded
        let known: Known
        let views: [String: View]
    }

    private func read(_ text: String, _ arguments: [(name: String, value: String)]) throws(Failure) -> FilterRead {
        let others = rules.catalog.collections.map {
            (collection: $0, view: View($0, for: asker, rules, dialect: dialect))
        }
        let views = Dictionary(others.map { ($0.collection.name, $0.view) }, uniquingKeysWith: { first, _ in first })
        let checked: Checked
        do throws(ExpressionRefusal) {
            checked = try Checked(text, in: scope(arguments, views), expecting: .bool, limits: .filter)
        } catch {
            throw Self.malformed(error.faults)
        }
        try refuseUnused(arguments, checked)
        let known = asker.known(arguments.map { ($0.name, .string($0.value)) })
        let folded = checked.fold(known)
        if case .failure(let failure) = folded, case .invalidArgument = failure.reason {
            throw Self.malformed([ExpressionFault(failure.position, "\(failure.reason)")])
        }
        return FilterRead(checked: checked, folded: folded, known: known, views: views)
    }

    private func scope(_ arguments: [(name: String, value: String)], _ views: [String: View]) -> Scope {
        let scopes = CatalogScope(
            catalog: rules.catalog,
            seesCollection: { collection in
                guard let view = views[collection.name] else { return false }
                if case .never = view.decision(to: .read) { return false }
                return true
            },
            seesField: { collection, position in views[collection.name]?.showsAlways(position) ?? false }
        )
        var scope = scopes.scope(of: collection)
        let texts = arguments.map { ($0.name, Scope.Variable(.string, nullable: false)) }
        scope.declare("arg", members: Dictionary(texts, uniquingKeysWith: { first, _ in first }))
        return scope
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

    private func permission(_ decision: Decision, _ views: [String: View]) throws(Failure) -> Permission {
        switch decision {
        case .always: return .always
        case .never: return .never
        case .when(let term):
            let row = RowSource(collection: collection, alias: SQL.Name(collection))
            var translator = Translator(catalog: rules.catalog, dialect: dialect, root: row)
            for (name, view) in views {
                let read = view.decision(to: .read)
                if case .always = read { continue }
                translator.visible[name] = read
            }
            do throws(TranslationRefusal) {
                return Permission(try translator.finished(term))
            } catch {
                throw Self.malformed([error.fault])
            }
        }
    }

    private static func malformed(_ faults: [ExpressionFault]) -> Failure {
        Failure(.malformed, "filter: " + faults.prefix(10).map(\.description).joined(separator: "\n"))
    }
}
