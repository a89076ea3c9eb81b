/// A place in the text of an expression.
package struct ExpressionPosition: Hashable, Sendable {
    /// Bytes (UTF-8) before it.
    package let offset: Int
    /// From 1.
    package let line: Int
    /// Unicode characters (scalars) from the start of the line, from 1.
    package let column: Int

    package init(offset: Int, line: Int, column: Int) {
        self.offset = offset
        self.line = line
        self.column = column
    }

    package static let start = ExpressionPosition(offset: 0, line: 1, column: 1)
}

/// One thing that is wrong with an expression's text, found before anything runs.
package struct ExpressionFault: Hashable, Sendable {
    package let position: ExpressionPosition
    /// A sentence without the position: "unknown name "stats"; did you mean "status"?".
    package let message: String

    package init(_ position: ExpressionPosition, _ message: String) {
        self.position = position
        self.message = message
    }
}

extension ExpressionFault: CustomStringConvertible {
    package var description: String { "\(position.line):\(position.column): \(message)" }
}

/// Everything that is wrong with an expression: one syntax fault, or every fault the checker found, in text order.
package struct ExpressionRefusal: Error, Hashable, Sendable {
    package let faults: [ExpressionFault]

    package init(_ faults: [ExpressionFault]) {
        self.faults = faults.sorted { $0.position.offset < $1.position.offset }
    }
}

extension ExpressionRefusal: CustomStringConvertible {
    package var description: String { faults.map(\.description).joined(separator: "\n") }
}
