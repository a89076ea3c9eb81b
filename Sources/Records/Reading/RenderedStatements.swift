import OffstageSchema
import OffstageStorage
import Synchronization

/// Statements that differ in what is bound alone, rendered once for each shape: rendering one takes longer than reading a few
/// records.
final class RenderedStatements<Shape: Hashable & Sendable>: Sendable {
    /// Shapes come from requests and from who asks, so what is kept is bounded: how many, and how long each may be.
    private let texts = Mutex(RecentlyUsed<Shape, String>(atMost: 200))

    /// - Parameters:
    ///   - bindings: what this one binds, in the order in which `render` does.
    ///   - render: writes the whole statement.
    func statement(_ shape: Shape, binding bindings: () -> [Value], render: () -> Statement) -> Statement {
        if let text = texts.withLock({ $0.value(shape) }) { return Statement(text: text, bindings: bindings()) }
        let statement = render()
        if statement.text.utf8.count <= bytesKept { texts.withLock { $0.keep(statement.text, for: shape) } }
        return statement
    }
}

private let bytesKept = 16_384
