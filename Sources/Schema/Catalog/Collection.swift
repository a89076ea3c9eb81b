/// A kind of record: its fields, indexes and who may do what.
///
/// A class, since every request carries one about: handing it on costs a reference, not a copy of its fields.
package final class Collection: Hashable, Sendable {
    package let name: String
    /// What people read; the name, tidied, when the file gives none.
    package let label: String
    /// The field that names a record to people.
    package let display: String?
    package let fields: [Field]
    package let indexes: [Index]
    /// The fields that a full-text search looks into, the one that counts most first; empty without a search.
    package let search: [String]
    package let access: Access
    /// What holds of every record beside the fields' own limits.
    package let checks: [Check]
    /// The name it had before, while the database may still know it by that.
    package let was: String?

    private let positions: [String: Int]

    package init(
        name: String,
        label: String? = nil,
        display: String? = nil,
        fields: [Field],
        indexes: [Index] = [],
        search: [String] = [],
        access: Access = Access(),
        checks: [Check] = [],
        was: String? = nil
    ) {
        self.name = name
        self.label = label ?? Field.label(from: name)
        self.display = display
        self.fields = fields
        self.indexes = indexes
        self.search = search
        self.access = access
        self.checks = checks
        self.was = was
        positions = Dictionary(
            fields.enumerated().map { ($0.element.name, $0.offset) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Where a field stands in `fields`, and so in a record's values.
    package func position(of field: String) -> Int? {
        positions[field]
    }

    package func field(_ name: String) -> Field? {
        position(of: name).map { fields[$0] }
    }

    package static func == (left: Collection, right: Collection) -> Bool {
        left === right
            || left.name == right.name && left.label == right.label && left.display == right.display
                && left.fields == right.fields && left.indexes == right.indexes && left.search == right.search
                && left.access == right.access && left.checks == right.checks && left.was == right.was
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(fields)
    }
}

/// An index over one or more fields; `created`, `updated` and `id` may stand in it too.
package struct Index: Hashable, Sendable {
    package let keys: [Key]

    package struct Key: Hashable, Sendable {
        package let field: String
        package let descending: Bool

        package init(_ field: String, descending: Bool = false) {
            self.field = field
            self.descending = descending
        }
    }

    package init(_ keys: [Key]) {
        self.keys = keys
    }
}

/// Who may do what with a collection. Closed by default.
package struct Access: Hashable, Sendable {
    package var read: Rule
    package var create: Rule
    package var update: Rule
    package var delete: Rule

    package init(
        read: Rule = .nobody,
        create: Rule = .nobody,
        update: Rule = .nobody,
        delete: Rule = .nobody
    ) {
        self.read = read
        self.create = create
        self.update = update
        self.delete = delete
    }

    package enum Verb: String, Sendable, CaseIterable {
        case read, create, update, delete
    }

    package subscript(verb: Verb) -> Rule {
        switch verb {
        case .read: read
        case .create: create
        case .update: update
        case .delete: delete
        }
    }

    /// Whether the API has anything to offer of the collection to anybody.
    package var isClosed: Bool {
        Verb.allCases.allSatisfy { self[$0] == .nobody }
    }
}

/// One rule: of access to records, or of reading or writing a field.
package enum Rule: Hashable, Sendable, ExpressibleByBooleanLiteral {
    /// Nobody but the team.
    case nobody
    case everybody
    /// Those for whom the expression is true; its text, which the room `Rules` checks.
    case expression(String)

    package init(booleanLiteral everybody: Bool) {
        self = everybody ? .everybody : .nobody
    }
}

/// A condition that every record of a collection keeps.
package struct Check: Hashable, Sendable {
    /// The expression that must be true.
    package let that: String
    /// What people are told when it is not.
    package let message: String
    /// The field that the message belongs to; nil for the record as a whole.
    package let field: String?

    package init(that: String, message: String, field: String? = nil) {
        self.that = that
        self.message = message
        self.field = field
    }
}
