import OffstageExpressions
import OffstageSchema
package import OffstageStorage

/// Checks the expressions of a catalog, one after the other, and notes what is wrong with each.
struct RulesReader {
    let scopes: CatalogScope
    private(set) var faults: [RuleFault] = []

    init(scopes: CatalogScope) {
        self.scopes = scopes
    }

    mutating func read(_ collection: Collection) -> CollectionRules {
        var rules = CollectionRules()
        let scope = scopes.scope(of: collection)
        for verb in Access.Verb.allCases {
            var names = scope
            if verb == .update { scopes.declareNew(of: collection, &names) }
            rules.access[verb] = rule(
                collection.access[verb],
                names,
                collection,
                at: .access(verb, of: collection.name)
            )
        }
        for (position, field) in collection.fields.enumerated() {
            let (name, owner) = (field.name, collection.name)
            rules.readable.append(rule(field.readable, scope, collection, at: .readable(field: name, of: owner)))
            rules.writable.append(rule(field.writable, scope, collection, at: .writable(field: name, of: owner)))
            if let value = assignment(of: field, in: collection) { rules.assigns.append((position, value)) }
        }
        for (number, check) in collection.checks.enumerated() {
            guard let that = condition(check.that, scope, collection, at: .check(number, of: collection.name)) else {
                continue
            }
            rules.checks.append((check, that))
        }
        rules.finish()
        return rules
    }

    private mutating func rule(
        _ rule: Rule,
        _ scope: Scope,
        _ collection: Collection,
        at place: RulePlace
    ) -> CheckedRule {
        switch rule {
        case .everybody: .everybody
        case .nobody: .nobody
        // What cannot be read opens nothing; the fault keeps the whole from being used anyway.
        case .expression(let text): condition(text, scope, collection, at: place).map(CheckedRule.expression) ?? .nobody
        }
    }

    /// A condition that can be asked of the database.
    private mutating func condition(
        _ text: String,
        _ scope: Scope,
        _ collection: Collection,
        at place: RulePlace
    ) -> Checked? {
        do throws(ExpressionRefusal) {
            let checked = try Checked(text, in: scope, expecting: .bool)
            try translate(checked, collection)
            return checked
        } catch {
            faults += error.faults.map { RuleFault(place: place, fault: $0) }
            return nil
        }
    }

    /// Written once for nobody, so that nothing is left to be refused when somebody asks.
    private func translate(_ checked: Checked, _ collection: Collection) throws(ExpressionRefusal) {
        guard scopes.unread.isEmpty else { return }
        let row = RowSource(collection: collection, alias: SQL.Name(collection))
        var translator = Translator(catalog: scopes.catalog, dialect: TrialDialect(), root: row)
        translator.new = RowSource(collection: collection, alias: .candidate)
        translator.assumesKnown = true
        do throws(TranslationRefusal) {
            guard case .residual(let rest) = checked.fold(.init()) else { return }
            _ = try translator.finished(rest)
        } catch {
            throw ExpressionRefusal([error.fault])
        }
    }

    private mutating func assignment(of field: Field, in collection: Collection) -> Checked? {
        guard let text = field.assign else { return nil }
        do throws(ExpressionRefusal) {
            return try Checked(
                text,
                in: scopes.assignScope(of: collection),
                expecting: Scope.Variable(field).type
            )
        } catch {
            faults += error.faults.map { RuleFault(place: .assign(field: field.name, of: collection.name), fault: $0) }
            return nil
        }
    }
}

extension SQL.Name {
    /// What a record would be, in a query that has not written it.
    package static let candidate = SQL.Name("_new")
}
