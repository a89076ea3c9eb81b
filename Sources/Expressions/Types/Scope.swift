/// The names that an expression may use, with their types. The caller builds it; building does no work, so a scope may be
/// made for every request or kept.
///
/// A collection's scope declares its fields as variables, every collection as a record type, `user` as a record,
/// `now` as a timestamp and `request` and `records` through ``declare(_:members:)``.
package struct Scope: Sendable {
    /// A variable, or a field of a record type.
    package struct Variable: Hashable, Sendable {
        package let type: ValueType
        /// Whether it may be null. Says to a translation where a plain `=` is enough.
        package let nullable: Bool

        package init(_ type: ValueType, nullable: Bool = true) {
            self.type = type
            self.nullable = nullable
        }
    }

    /// By name; a name may be qualified: `com.example.x`.
    package var variables: [String: Variable]
    /// Record types by name, each with its fields.
    package var recordTypes: [String: [String: Variable]]
    /// The namespace that names are looked up in first; CEL's "container".
    package var container: String
    /// How many relations one path may go through.
    package var relationsAtMost: Int

    package init(
        variables: [String: Variable] = [:],
        recordTypes: [String: [String: Variable]] = [:],
        container: String = "",
        relationsAtMost: Int = 4
    ) {
        self.variables = variables
        self.recordTypes = recordTypes
        self.container = container
        self.relationsAtMost = relationsAtMost
    }

    /// Declares a variable whose members are declared with it, such as `request` with `ip`, or `records` with a list
    /// for each collection.
    package mutating func declare(_ name: String, members: [String: Variable]) {
        let type = "\(name).*"
        recordTypes[type] = members
        variables[name] = Variable(.record(type), nullable: false)
    }
}
