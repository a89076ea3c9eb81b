/// What a table must look like, for any engine: the bridge from the catalog to a database, and what the database keeps
/// of the catalog in force.
package struct TableShape: Hashable, Sendable, Codable {
    package let name: String
    package let columns: [ColumnShape]
    package let indexes: [IndexShape]
    /// The columns that a full-text search looks into; nil without a search.
    package let search: [String]?
    /// The name it had before.
    package let was: String?

    package init(
        name: String,
        columns: [ColumnShape],
        indexes: [IndexShape],
        search: [String]? = nil,
        was: String? = nil
    ) {
        self.name = name
        self.columns = columns
        self.indexes = indexes
        self.search = search
        self.was = was
    }

    package func column(_ name: String) -> ColumnShape? {
        columns.first { $0.name == name }
    }
}

/// A column for one field of a collection. What every record has (id, created, updated, version) is not listed.
package struct ColumnShape: Hashable, Sendable, Codable {
    package let name: String
    package let type: ColumnType
    package let required: Bool
    package let unique: Bool
    /// The table whose ids it holds: a foreign key; for a list, through a table of links.
    package let reference: String?
    /// The words that are allowed, when they are limited.
    package let words: [String]?
    /// Digits in all, for decimals.
    package let digits: Int?
    /// What existing records get when the column is new or must not be empty any more: the JSON that the API would show.
    package let defaultValue: String?
    /// The name it had before.
    package let was: String?

    package init(
        name: String,
        type: ColumnType,
        required: Bool = false,
        unique: Bool = false,
        reference: String? = nil,
        words: [String]? = nil,
        digits: Int? = nil,
        defaultValue: String? = nil,
        was: String? = nil
    ) {
        self.name = name
        self.type = type
        self.required = required
        self.unique = unique
        self.reference = reference
        self.words = words
        self.digits = digits
        self.defaultValue = defaultValue
        self.was = was
    }

    package var isList: Bool {
        if case .list = type { true } else { false }
    }
}

/// An index, by its columns.
package struct IndexShape: Hashable, Sendable, Codable {
    package let keys: [Key]

    package struct Key: Hashable, Sendable, Codable {
        package let column: String
        package let descending: Bool

        package init(_ column: String, descending: Bool = false) {
            self.column = column
            self.descending = descending
        }
    }

    package init(_ keys: [Key]) {
        self.keys = keys
    }
}
