/// One field of a collection.
package struct Field: Hashable, Sendable {
    package var name: String
    package var kind: FieldKind
    /// A record must have a value; a text may not be empty, a list must have an element.
    package var required: Bool
    /// No two records hold the same value; empty ones do not count.
    package var unique: Bool
    /// Given at creation when the client sends none; already of the field's kind.
    package var defaultValue: Value?
    /// What people read; the name, tidied, when the file gives none.
    package var label: String
    /// A sentence that a form shows below the label.
    package var help: String?
    /// To whom the API shows it.
    package var readable: Rule
    /// From whom the API takes it.
    package var writable: Rule
    /// The expression whose value the server sets at creation; clients never send such a field.
    package var assign: String?
    /// A list of values.
    package var many: Bool
    /// The name it had before, while the database may still know it by that.
    package var was: String?

    /// Elements that a list may hold.
    package static let manyAtMost = 1000

    package init(
        _ name: String,
        _ kind: FieldKind,
        required: Bool = false,
        unique: Bool = false,
        defaultValue: Value? = nil,
        label: String? = nil,
        help: String? = nil,
        readable: Rule = .everybody,
        writable: Rule = .everybody,
        assign: String? = nil,
        many: Bool = false,
        was: String? = nil
    ) {
        self.name = name
        self.kind = kind
        self.required = required
        self.unique = unique
        self.defaultValue = defaultValue
        self.label = label ?? Self.label(from: name)
        self.help = help
        self.readable = readable
        self.writable = writable
        self.assign = assign
        self.many = many
        self.was = was
    }

    /// `unit_price` as people would write it: `Unit price`.
    package static func label(from name: String) -> String {
        let spaced = String(name.map { $0 == "_" ? " " : $0 })
        return spaced.prefix(1).uppercased() + spaced.dropFirst()
    }

    /// The value of a record that was given none: the default, or nothing.
    package var initialValue: Value {
        defaultValue ?? emptyValue
    }

    /// Nothing: null, or the empty list.
    package var emptyValue: Value {
        many ? .list([]) : .null
    }
}

extension Field {
    /// Reads a value from JSON: null and the empty list are nothing, faults carry the pointer inside the field.
    package func read(_ json: JSON) throws(Fault) -> Value {
        if case .null = json { return try settled(emptyValue) }
        guard many else { return try settled(kind.reader.read(json)) }
        guard case .array(let elements) = json else {
            throw Fault("", .type, "must be an array, not \(json.kindInWords)")
        }
        return try list(elements) { reader, element throws(Fault) in
            if case .null = element { throw Fault("", .type, "must not be null") }
            return try reader.read(element)
        }
    }

    /// Reads a value from the texts that a form sends under one name, or from the one of a CSV cell.
    /// Empty texts are nothing.
    package func read(texts: [String]) throws(Fault) -> Value {
        let texts = texts.filter { !$0.isEmpty }
        guard many else {
            guard let text = texts.last else { return try settled(emptyValue) }
            guard texts.count == 1 || kind.name == "boolean" else {
                throw Fault("", .duplicate, "must be given once, not \(texts.count) times")
            }
            return try settled(kind.reader.read(text: text))
        }
        return try list(texts) { reader, text throws(Fault) in try reader.read(text: text) }
    }

    private func list<Element>(
        _ elements: [Element],
        read: (any ValueReader, Element) throws(Fault) -> Value
    ) throws(Fault) -> Value {
        guard elements.count <= Self.manyAtMost else {
            throw Fault("", .max, "must have at most \(Self.manyAtMost) elements, not \(elements.count)")
        }
        let reader = kind.reader
        var values: [Value] = []
        values.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            do throws(Fault) {
                values.append(try read(reader, element))
            } catch {
                throw error.under(String(index))
            }
        }
        return try settled(.list(values))
    }

    /// What holds for every kind: a required field is not empty.
    private func settled(_ value: Value) throws(Fault) -> Value {
        guard required else { return value }
        var isMissing = value.isEmpty
        // Blanks alone are no name and no message, whatever a form's own check lets through.
        if case .text(let text) = value { isMissing = text.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
        if isMissing { throw Fault("", .required, "is required") }
        return value
    }
}
