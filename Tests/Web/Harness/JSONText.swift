package import OffstageSchema

extension JSON {
    /// The member of an object; nil when there is none.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The elements of an array; none of anything else.
    var elements: [JSON] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The names of an object's members.
    var names: [String] {
        if case .object(let members) = self { members.map(\.name) } else { [] }
    }

    var text: String {
        var writer = JSONWriter()
        writer.write(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// JSON as Swift writes its values, so that a test's bodies read as what they are.
extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) {
        self = .string(value)
    }

    package init(integerLiteral value: Int64) {
        self = .number(String(value))
    }

    package init(booleanLiteral value: Bool) {
        self = .boolean(value)
    }

    package init(arrayLiteral elements: JSON...) {
        self = .array(elements)
    }

    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { JSON.Member($0.0, $0.1) })
    }
}

extension JSON {
    /// The members of an object, in order.
    var members: [Member] {
        if case .object(let members) = self { members } else { [] }
    }
}
