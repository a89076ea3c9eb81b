package import OffstageExpressions
package import OffstageSchema

/// Where an expression stands in the app file.
package enum RulePlace: Hashable, Sendable {
    case access(Access.Verb, of: String)
    case readable(field: String, of: String)
    case writable(field: String, of: String)
    case assign(field: String, of: String)
    /// By its place in the list, from 0.
    case check(Int, of: String)
}

/// One thing that is wrong with an expression of the app file.
package struct RuleFault: Hashable, Sendable {
    package let place: RulePlace
    package let fault: ExpressionFault
}

/// Everything that is wrong with the expressions of an app file. Never empty.
package struct RuleFaults: Error, Hashable, Sendable {
    package let faults: [RuleFault]
}
