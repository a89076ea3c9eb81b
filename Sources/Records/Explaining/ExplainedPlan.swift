import OffstageRules
import OffstageSchema
import OffstageStorage

/// What is slow about a plan, and what would help.
extension ExplainedQuestion {
    func warnings(_ statements: [Explanation.ExplainedStatement]) -> [String] {
        var warnings: [String] = []
        for step in statements.flatMap(\.plan) {
            guard let warning = warning(step), !warnings.contains(warning) else { continue }
            warnings.append(warning)
        }
        if !warnings.isEmpty, let advice { warnings.append(advice) }
        return warnings
    }

    private func warning(_ step: PlanStep) -> String? {
        switch step.access {
        case .scan(let table, let index):
            guard records.catalog.collection(table) != nil else { return nil }
            let isOwn = table == view.collection.name
            // A page without a condition stops where it is full, and one index gives its order.
            if isOwn, index != nil, condition == .always { return nil }
            if isOwn, condition == .always {
                return request.verb == .list
                    ? "No index gives this order: every record of \(table) is read for a page."
                    : "Every record of \(table) is read."
            }
            if isOwn, index != nil {
                return "No index serves the condition: records are read in their order until a page is full, "
                    + "and all of them when few fulfil it."
            }
            return "No index is used to find the records: every record of \(table) may be read."
        case .sort where request.verb == .list:
            return "No index gives this order: all records that are found are sorted for a page."
        default: return nil
        }
    }

    /// Indexes for the app file, when it is evident which.
    private var advice: String? {
        // No index of the app file holds versions.
        guard request.verb == .list, !sort.keys.contains(where: { $0.name == "version" }) else { return nil }
        let collection = view.collection
        let keys = sort.keys.filter { $0.name != "id" }
        let sorted = keys.map { ($0.descending ? "-" : "") + $0.name }
        let hints = Self.joined(rules.first?.rule.indexHints ?? [], filter?.indexHints ?? [])
        var indexes: [String] = []
        for hint in hints.isEmpty ? [IndexHint()] : hints {
            var index = hint.equal
            // With alternatives the database sorts what all of them found.
            let order =
                hints.count > 1 ? [] : keys.indices.filter { !hint.equal.contains(keys[$0].name) }.map { sorted[$0] }
            index += order
            if order.isEmpty, let range = hint.range, !index.contains(range) { index.append(range) }
            let isThere = collection.indexes.contains { $0.keys.map { ($0.descending ? "-" : "") + $0.field } == index }
            guard !index.isEmpty, !isThere else { continue }
            indexes.append("[\(index.joined(separator: ", "))]")
        }
        guard !indexes.isEmpty else { return nil }
        return
            "This would help, in the collection \(collection.name) of the app file: indexes: [\(indexes.joined(separator: ", "))]"
    }

    /// The hints of a rule and of a filter that must both hold.
    private static func joined(_ rule: [IndexHint], _ filter: [IndexHint]) -> [IndexHint] {
        guard let first = rule.first, !filter.isEmpty else { return rule.isEmpty ? filter : rule }
        if rule.count == 1 { return filter.map { first.and($0) } }
        if let only = filter.first, filter.count == 1 { return rule.map { $0.and(only) } }
        return rule
    }
}
