import OffstageExpressions
import OffstageSchema
import OffstageStorage

/// The value of a part of an expression as SQL, and what a NULL of it means.
///
/// SQL has one NULL where CEL has null, an error, and NaN. A `nullable` value is NULL where CEL has null, any other where CEL
/// has an error. Where both are possible, `presence` is true exactly where there is no error; and where it is false, the
/// value is NULL.
struct Operand: Sendable {
    enum Kind: Hashable, Sendable {
        case null
        case bool
        case whole
        case double
        /// A scaled integer.
        case decimal(Int)
        case text
        case date
        /// Milliseconds since 1970.
        case timestamp
        /// Milliseconds.
        case duration
        /// A stored list of elements of one kind.
        indirect case list(Kind)
        /// Stored JSON, at a path of names.
        case json([String])
        /// Whatever the other side is: known only when a request comes, or failed.
        case any
    }

    var sql: SQL
    var kind: Kind
    var isNullable = false
    /// Whether it may fail.
    var fails = false
    var presence: SQL?
    /// Whether it may be NaN, which is NULL too, where `presence` is true.
    var mayBeNaN = false
    /// Where it is known.
    var literal: Datum?
    /// A column of texts as its indexes have it, where that may be looked for beside the exact question.
    var indexed: Indexed?
    /// The id as the database keeps it, of a value that is one; `sql` is its text.
    var identifier: SQL?

    enum Indexed {
        /// In the order of code points.
        case exactly(SQL)
        /// By the key of a column without case: whatever is the same text is the same there too, and more.
        case withoutCase(SQL)
    }

    /// A part that always fails.
    static let failure = Operand(sql: "NULL", kind: .any, fails: true)

    /// True where there is no error; nil where there never is one.
    var isPresent: SQL? {
        if let presence { return presence }
        return fails && !isNullable ? SQL("\(sql) IS NOT NULL") : nil
    }

    /// True where there is neither an error nor null; nil where there never is one.
    var hasValue: SQL? {
        if mayBeNaN { return presence }
        return fails || isNullable ? SQL("\(sql) IS NOT NULL") : nil
    }
}

extension Operand.Kind {
    /// What a stored list of such values holds. Ids stand in it as texts.
    var element: ColumnType.Element {
        if case .whole = self { .integer } else { .text }
    }

    /// The kind of a field's single values.
    init(_ kind: FieldKind) {
        switch kind {
        case .text, .email, .url, .choice, .relation: self = .text
        case .integer: self = .whole
        case .number: self = .double
        case .decimal(let kind): self = .decimal(kind.scale)
        case .boolean: self = .bool
        case .date: self = .date
        case .datetime: self = .timestamp
        case .json: self = .json([])
        }
    }
}

extension SQL {
    static let yes: SQL = "1 = 1"
    static let no: SQL = "1 = 0"

    var isYes: Bool { self == SQL.yes }
    var isNo: Bool { self == SQL.no }

    /// Parts that must all hold.
    static func all(_ parts: [SQL?]) -> SQL {
        let parts = parts.compactMap(\.self).filter { !$0.isYes }
        if parts.contains(where: \.isNo) { return no }
        return parts.isEmpty ? yes : joined(parts, separator: " AND ")
    }

    /// Parts of which one must hold.
    static func any(_ parts: [SQL]) -> SQL {
        let parts = parts.filter { !$0.isNo }
        if parts.contains(where: \.isYes) { return yes }
        return parts.isEmpty ? no : joined(parts, separator: " OR ")
    }

    /// Parts in a row at most; more stand in brackets, since databases bound the height of a tree and read a row as one.
    private static let inARowAtMost = 100

    private static func joined(_ parts: [SQL], separator: StaticString) -> SQL {
        if parts.count == 1 { return parts[0] }
        guard parts.count > inARowAtMost else { return "(\(parts, separator: separator))" }
        let half = parts.count / 2
        let halves = [
            joined(Array(parts[..<half]), separator: separator), joined(Array(parts[half...]), separator: separator),
        ]
        return "(\(halves, separator: separator))"
    }
}
