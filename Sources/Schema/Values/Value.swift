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

    /// The ids that a relation holds.
    package var identifiers: [Identifier] {
        switch self {
        case .identifier(let id): [id]
        case .list(let elements): elements.compactMap { if case .identifier(let id) = $0 { id } else { nil } }
        default: []
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

extension Value {
    /// Texts are the same when their code points are.
    package static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.boolean(let left), .boolean(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.decimal(let left), .decimal(let right)): left == right
        case (.text(let left), .text(let right)): left.isExactly(right)
        case (.date(let left), .date(let right)): left == right
        case (.datetime(let left), .datetime(let right)): left == right
        case (.identifier(let left), .identifier(let right)): left == right
        case (.json(let left), .json(let right)): left == right
        case (.list(let left), .list(let right)): left == right
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .boolean(let boolean): hasher.combine(boolean)
        case .integer(let integer): hasher.combine(integer)
        case .number(let number): hasher.combine(number)
        case .decimal(let decimal): hasher.combine(decimal)
        case .text(let text): text.hashExactly(into: &hasher)
        case .date(let date): hasher.combine(date)
        case .datetime(let moment): hasher.combine(moment)
        case .identifier(let id): hasher.combine(id)
        case .json(let json): hasher.combine(json)
        case .list(let elements): hasher.combine(elements)
        }
    }
}
