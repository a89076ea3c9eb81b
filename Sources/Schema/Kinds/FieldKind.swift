/// What a field's values are: one case for each type of the app file, with its options.
package enum FieldKind: Hashable, Sendable {
    case text(TextKind)
    case email(EmailKind)
    case url(URLKind)
    case integer(IntegerKind)
    case number(NumberKind)
    case decimal(DecimalKind)
    case boolean(BooleanKind)
    case date(DateKind)
    case datetime(DateTimeKind)
    case choice(ChoiceKind)
    case relation(RelationKind)
    case json(JSONKind)

    /// The reader of single values, whatever the kind.
    package var reader: any ValueReader {
        switch self {
        case .text(let kind): kind
        case .email(let kind): kind
        case .url(let kind): kind
        case .integer(let kind): kind
        case .number(let kind): kind
        case .decimal(let kind): kind
        case .boolean(let kind): kind
        case .date(let kind): kind
        case .datetime(let kind): kind
        case .choice(let kind): kind
        case .relation(let kind): kind
        case .json(let kind): kind
        }
    }

    /// The word for it in the app file.
    package var name: String {
        switch self {
        case .text: "text"
        case .email: "email"
        case .url: "url"
        case .integer: "integer"
        case .number: "number"
        case .decimal: "decimal"
        case .boolean: "boolean"
        case .date: "date"
        case .datetime: "datetime"
        case .choice: "choice"
        case .relation: "relation"
        case .json: "json"
        }
    }

    package static let names = [
        "text", "email", "url", "integer", "number", "decimal", "boolean", "date", "datetime", "choice", "relation",
        "json",
    ]

    /// The kinds of which `many: true` makes a list.
    package static let namesThatMayBeMany = ["text", "choice", "integer", "relation"]
}

/// Reads one value of a kind and says what is wrong with it. Faults have an empty pointer; who calls adds the place.
package protocol ValueReader: Sendable {
    /// From a JSON body. Never called with null.
    func read(_ json: JSON) throws(Fault) -> Value
    /// From a form, a CSV cell or a parameter. Never called with an empty text.
    func read(text: String) throws(Fault) -> Value
}

extension ValueReader {
    /// Most kinds read a JSON string the way they read a text.
    package func read(_ json: JSON) throws(Fault) -> Value {
        guard case .string(let text) = json else { throw wrongType(json, expected: "a string") }
        return try read(text: text)
    }

    func wrongType(_ json: JSON, expected: String) -> Fault {
        Fault("", .type, "must be \(expected), not \(json.kindInWords)")
    }
}
