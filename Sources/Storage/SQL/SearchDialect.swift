package import OffstageSchema

/// How one kind of database searches texts. Letters are compared without case and without accents.
package protocol SearchDialect: Sendable {
    /// What stands after FROM: the records that fit all terms, under the collection's own name, beside the column
    /// ``SQL/Name/rank``.
    ///
    /// The rank is a whole number, and a smaller one is a better fit. It comes from the record's own texts in the named
    /// fields and from nothing else: so it stays what it is while other records are written, which cursors rely on, and
    /// it tells nothing of fields or records that the caller may not read.
    ///
    /// - Parameters:
    ///   - terms: at least one that is not excluded.
    ///   - fields: those of the collection's search that may be looked into; at least one.
    func found(_ terms: [SearchTerm], in collection: Collection, fields: [String]) -> SQL

    /// What has to be run with each write so that the search knows the record; nil where the database does that itself.
    func searchUpkeep(of collection: Collection) -> SearchUpkeep?
}

extension SQL.Name {
    /// How well a record fits a search. No field has a name like it.
    package static let rank = SQL.Name("_rank")
}

/// One word or phrase of a search.
package struct SearchTerm: Hashable, Sendable {
    /// As it was typed: has a letter or a digit in it, and is text to every engine, never syntax.
    package let text: String
    /// Whether the words stand as they are, side by side. If not, it is one word or the beginning of one.
    package let isPhrase: Bool
    /// Whether a record that has it does not fit.
    package let isExcluded: Bool

    package init(_ text: String, isPhrase: Bool = false, isExcluded: Bool = false) {
        self.text = text
        self.isPhrase = isPhrase
        self.isExcluded = isExcluded
    }
}

/// What keeps a search in step with the records.
package struct SearchUpkeep: Sendable {
    /// One statement, with nulls where values are bound, and what is bound to it.
    package struct Step: Sendable {
        package let statement: SQL
        /// From the text of each field of the search and the id.
        package let bindings: @Sendable (_ texts: [Value], _ id: Value) -> [Value]

        package init(
            _ statement: SQL,
            bindings: @escaping @Sendable (_ texts: [Value], _ id: Value) -> [Value] = { $0 + [$1] }
        ) {
            self.statement = statement
            self.bindings = bindings
        }
    }

    /// After a record was inserted.
    package let insert: [Step]
    /// After a text changed.
    package let update: [Step]
    /// Before a record is deleted; there are no texts then.
    package let delete: [Step]

    package init(insert: [Step], update: [Step], delete: [Step]) {
        self.insert = insert
        self.update = update
        self.delete = delete
    }
}
