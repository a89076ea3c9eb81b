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
