/// What a field of a record holds, and what is bound to a statement.
package enum Value: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// Within ±(2^53−1) in a record, any 64 bits in a statement.
    case integer(Int64)
    /// Finite.
    case number(Double)
    case decimal(Decimal)
    /// NFC, no NUL.
    case text(String)
    case date(CalendarDate)
    case datetime(Timestamp)
    /// A record's id, or a relation's target.
    case identifier(Identifier)
    case json(JSON)
    /// A field with `many`; its elements are never null and never lists.
    case list([Value])

    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// Bytes of text in it, about: what makes one value much larger than another.
    package var bytes: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .json(let json): json.bytes
        case .list(let elements): elements.reduce(0) { $0 + $1.bytes + 8 }
        default: 8
        }
    }

    /// Whether a person would say that nothing is there: null, or an empty list.
    package var isEmpty: Bool {
        switch self {
        case .null: true
        case .list(let elements): elements.isEmpty
        default: false
        }
    }
}
