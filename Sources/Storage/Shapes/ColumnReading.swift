package import OffstageSchema

extension ColumnShape {
    /// The field as far as a column knows it: its kind and its words or digits, not its other limits. What the database
    /// keeps of a catalog is read through it.
    package var field: Field {
        Field(name, kind, many: isList)
    }

    private var kind: FieldKind {
        switch type {
        case .boolean: .boolean(BooleanKind())
        case .integer, .list(.integer): .integer(IntegerKind())
        case .number: .number(NumberKind())
        case .decimal(let scale): .decimal(DecimalKind(digits: digits ?? Decimal.maximumDigits, scale: scale))
        case .text, .list(.text):
            words.map { .choice(ChoiceKind(of: $0)) } ?? .text(TextKind(max: TextKind.largestMaximum))
        case .email: .email(EmailKind())
        case .date: .date(DateKind())
        case .datetime: .datetime(DateTimeKind())
        case .identifier, .list(.identifier): .relation(RelationKind(to: reference ?? ""))
        case .json: .json(JSONKind(maximumBytes: JSONKind.largestMaximum))
        }
    }

    /// The default as a value; nil when there is none.
    package var initialValue: Value? {
        guard let defaultValue, let json = try? JSONParser.parse(defaultValue.utf8) else { return nil }
        return try? field.read(json)
    }

    /// Nothing: null, or the empty list.
    package var emptyValue: Value { field.emptyValue }

    /// Its kind as a person would say it: "decimal, 10 digits, 2 after the point".
    package var inWords: String {
        var words = [isList ? "list of \(kind.name)" : kind.name]
        switch kind {
        case .decimal(let decimal): words.append("\(decimal.digits) digits, \(decimal.scale) after the point")
        case .choice(let choice): words[0] += " of " + choice.words.joined(separator: ", ")
        case .relation(let relation): words[0] += " to \(relation.collection)"
        default: break
        }
        return words.joined(separator: ", ")
    }
}
