import OffstageSchema

/// An object that a provider sent, by the names of its members.
struct JSONMembers: Sendable {
    private let members: [JSON.Member]

    /// Nil when the value is no object.
    init?(_ json: JSON) {
        guard case .object(let members) = json else { return nil }
        self.members = members
    }

    /// Nil for bytes that are no JSON object.
    init?(bytes: [UInt8]) {
        guard let json = try? JSONParser.parse(bytes) else { return nil }
        self.init(json)
    }

    subscript(name: String) -> JSON? {
        members.first { $0.name.isExactly(name) }?.value
    }

    func string(_ name: String) -> String? {
        if case .string(let text) = self[name] { text } else { nil }
    }

    /// The texts in a list; nil when there is none, or anything else in it.
    func strings(_ name: String) -> [String]? {
        guard case .array(let elements) = self[name] else { return nil }
        var texts: [String] = []
        for element in elements {
            guard case .string(let text) = element else { return nil }
            texts.append(text)
        }
        return texts
    }

    /// True, or the text `true`, which some providers send for it.
    func isTrue(_ name: String) -> Bool {
        self[name] == .boolean(true) || self[name] == .string("true")
    }

    /// A number, such as seconds since 1970 (`NumericDate` of RFC 7519, section 2). Never infinite.
    func number(_ name: String) -> Double? {
        guard case .number(let text) = self[name], let number = Double(text), number.isFinite else { return nil }
        return number
    }
}
