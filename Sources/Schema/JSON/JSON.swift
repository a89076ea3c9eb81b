/// A JSON value (RFC 8259). Numbers keep their text, so nothing is rounded before a field decides what it is;
/// members keep their order.
package indirect enum JSON: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// The number's text, exactly as it was written.
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    package struct Member: Hashable, Sendable {
        package let name: String
        package let value: JSON

        package init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }

        package static func == (left: Member, right: Member) -> Bool {
            left.name.isExactly(right.name) && left.value == right.value
        }

        package func hash(into hasher: inout Hasher) {
            name.hashExactly(into: &hasher)
            hasher.combine(value)
        }
    }

    /// Bytes of text in it, about.
    var bytes: Int {
        switch self {
        case .null, .boolean: 4
        case .number(let text), .string(let text): text.utf8.count
        case .array(let elements): elements.reduce(0) { $0 + $1.bytes + 1 }
        case .object(let members): members.reduce(0) { $0 + $1.name.utf8.count + $1.value.bytes + 4 }
        }
    }

    /// What to call it in a message: "a string", "a number".
    package var kindInWords: String {
        switch self {
        case .null: "null"
        case .boolean: "true or false"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension JSON {
    /// Texts and names are the same when their code points are.
    package static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.boolean(let left), .boolean(let right)): left == right
        case (.number(let left), .number(let right)), (.string(let left), .string(let right)): left.isExactly(right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .boolean(let boolean): hasher.combine(boolean)
        case .number(let text), .string(let text): text.hashExactly(into: &hasher)
        case .array(let elements): hasher.combine(elements)
        case .object(let members): hasher.combine(members)
        }
    }
}
