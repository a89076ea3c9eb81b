import OffstageExpressions
import OffstageSchema
import Synchronization

/// What the filters of somebody may name, and the filters they gave lately: reading and checking one costs more than
/// answering it.
final class FilterSight: Sendable {
    /// What may be named, without `arg`.
    let scope: Scope
    /// What must hold of the records of a collection that are seen from a filter, where not all are.
    let conditions: [String: Decision]

    private struct Key: Hashable {
        let text: ExactText
        let arguments: [String]
    }

    /// Filters come from requests: few and short ones are kept.
    private let checked = Mutex(RecentlyUsed<Key, Checked>(atMost: 16))
    private static let bytesAtMost = 512

    init(scope: Scope, conditions: [String: Decision]) {
        self.scope = scope
        self.conditions = conditions
    }

    /// What may be named, with `arg`.
    func scope(arguments: [String]) -> Scope {
        var scope = scope
        let texts = arguments.map { ($0, Scope.Variable(.string, nullable: false)) }
        scope.declare("arg", members: Dictionary(texts, uniquingKeysWith: { first, _ in first }))
        return scope
    }

    /// A filter, checked against what may be named.
    func filter(_ text: String, arguments: [String]) throws(ExpressionRefusal) -> Checked {
        let key = Key(text: ExactText(text), arguments: arguments)
        if let found = checked.withLock({ $0.value(key) }) { return found }
        let made = try Checked(text, in: scope(arguments: arguments), expecting: .bool, limits: .filter)
        guard text.utf8.count + arguments.reduce(0, { $0 + $1.utf8.count }) <= Self.bytesAtMost else { return made }
        checked.withLock { $0.keep(made, for: key) }
        return made
    }
}
