import OffstageExpressions
import OffstageSchema

/// What an index must have in front so that a condition finds its records by it.
package struct IndexHint: Hashable, Sendable {
    /// Fields that are compared with one value.
    package var equal: [String] = []
    /// A field that is compared with a range.
    package var range: String?

    package init(equal: [String] = [], range: String? = nil) {
        self.equal = equal
        self.range = range
    }

    /// What both conditions together want.
    package func and(_ other: IndexHint) -> IndexHint {
        IndexHint(equal: equal + other.equal.filter { !equal.contains($0) }, range: range ?? other.range)
    }

    /// The hints of a condition: one for each alternative, none when an alternative gives none.
    static func of(_ term: Term, _ collection: Collection) -> [IndexHint] {
        switch term.kind {
        case .or(let operands):
            let each = operands.map { of($0, collection) }
            return each.contains(where: \.isEmpty) ? [] : Array(each.joined())
        case .and(let operands):
            let each = operands.map { of($0, collection) }.filter { !$0.isEmpty }
            let single = each.filter { $0.count == 1 }.joined().reduce(nil as IndexHint?) { $0?.and($1) ?? $1 }
            return single.map { [$0] } ?? each.first ?? []
        case .compare(let comparison, let left, let right):
            guard let field = field(left, collection, other: right) ?? field(right, collection, other: left) else {
                return []
            }
            switch comparison {
            case .equal: return [IndexHint(equal: [field])]
            case .notEqual: return []
            default: return [IndexHint(range: field)]
            }
        case .membership(let element, let list):
            return field(element, collection, other: list).map { [IndexHint(equal: [$0])] } ?? []
        default: return []
        }
    }

    /// The field of the record itself that a term is, when it is compared with something known.
    private static func field(_ term: Term, _ collection: Collection, other: Term) -> String? {
        guard let path = term.path, path.steps.isEmpty, case .variable(let name) = path.root, other.literal != nil,
            collection.field(name).map(isFound) ?? ["created", "updated"].contains(name)
        else { return nil }
        return name
    }

    /// Whether an index of the field serves a comparison: not of lists and free data, and not of e-mail addresses, which
    /// are indexed without case and compared with it.
    private static func isFound(_ field: Field) -> Bool {
        switch field.kind {
        case .json, .email: false
        default: !field.many
        }
    }
}
