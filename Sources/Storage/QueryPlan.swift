/// One step of the way in which a database would answer a statement.
package struct PlanStep: Hashable, Sendable {
    /// What a step does, in words that every engine shares.
    package enum Access: Hashable, Sendable {
        /// Finds rows of a table by an index.
        case search(table: String, index: String)
        /// Goes through all rows of a table, in the order of an index when it names one.
        case scan(table: String, index: String?)
        /// Sorts what was found.
        case sort
        case other
    }

    package let access: Access
    /// The step in the database's own words.
    package let text: String
    /// How many steps it stands inside of.
    package let depth: Int

    package init(_ access: Access, text: String, depth: Int = 0) {
        self.access = access
        self.text = text
        self.depth = depth
    }
}
