/// Why an expression has no value. In a rule it means no.
package struct EvaluationFailure: Error, Hashable, Sendable {
    /// Closed, so that a caller can tell them apart; the text is for people.
    package enum Reason: Error, Hashable, Sendable {
        case divisionByZero
        case overflow
        /// A number, moment or duration outside of what its type holds.
        case outOfRange
        case noSuchField(String)
        case noSuchKey
        case noSuchIndex
        /// An operation on types it does not exist for, null among them.
        case noSuchOverload(String)
        case unknownName(String)
        case unknownFunction(String)
        case repeatedKey
        case unsupportedKey
        /// A text that cannot be read as what it is converted to, a bad pattern, a bad format.
        case invalidArgument(String)
        /// The expression did more work than its limits allow. Never absorbed by `||` or `&&`.
        case costExceeded
    }

    package let reason: Reason
    package let position: ExpressionPosition

    package init(_ reason: Reason, at position: ExpressionPosition) {
        self.reason = reason
        self.position = position
    }
}

extension EvaluationFailure.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .divisionByZero: "division by zero"
        case .overflow: "the result is too large"
        case .outOfRange: "the value is out of range"
        case .noSuchField(let name): "no such field: \(name)"
        case .noSuchKey: "no such key"
        case .noSuchIndex: "no such index"
        case .noSuchOverload(let operation): "\(operation) does not exist for these values"
        case .unknownName(let name): "unknown name: \(name)"
        case .unknownFunction(let name): "unknown function: \(name)"
        case .repeatedKey: "the same key twice"
        case .unsupportedKey: "a key must be a bool, an integer or a string"
        case .invalidArgument(let reason): reason
        case .costExceeded: "cost exceeded"
        }
    }
}

extension EvaluationFailure: CustomStringConvertible {
    package var description: String { "\(position.line):\(position.column): \(reason)" }
}

/// Counts the work of one evaluation and stops it.
struct Meter {
    private var left: Int

    init(stepsAtMost: Int) { left = stepsAtMost }

    mutating func spend(_ steps: Int = 1) throws(EvaluationFailure.Reason) {
        left -= min(steps, left + 1)
        if left < 0 { throw .costExceeded }
    }

    /// Work on texts and bytes: cheap for each byte, but not free.
    mutating func spend(bytes: Int) throws(EvaluationFailure.Reason) {
        try spend(bytes / 32 + 1)
    }
}
