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

/// The statements that keep a search in step with the records, with nulls where values are bound.
package struct SearchUpkeep: Sendable {
    /// After a record was inserted. Bindings: the text of each field of the search, then the id.
    package let insert: SQL
    /// After a text changed. The same bindings.
    package let update: SQL
    /// Before a record is deleted. One binding: the id.
    package let delete: SQL

    package init(insert: SQL, update: SQL, delete: SQL) {
        self.insert = insert
        self.update = update
        self.delete = delete
    }
}
