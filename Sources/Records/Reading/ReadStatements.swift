import OffstageSchema
import OffstageStorage
import Synchronization

/// The statements that read one record of a collection under a condition, rendered once for each condition: a rule of some
/// terms takes longer to render than the record to read.
final class ReadStatements: Sendable {
    /// By conditions without their values. Those of rules differ by who asks, so what is kept is bounded.
    private let texts = Mutex(RecentlyUsed<SQL, String>(atMost: 200))
    static let piecesAtMost = 400

    /// - Parameters:
    ///   - id: bound before the condition.
    ///   - render: writes the whole statement.
    func statement(_ id: Identifier, where condition: SQL, render: () -> Statement) -> Statement {
        guard condition.pieces.count <= Self.piecesAtMost else { return render() }
        let shape = condition.withoutValues
        guard let text = texts.withLock({ $0.value(shape) }) else {
            let statement = render()
            texts.withLock { $0.keep(statement.text, for: shape) }
            return statement
        }
        return Statement(text: text, bindings: [.identifier(id)] + condition.bindings)
    }
}
