import OffstageExpressions
import OffstageSchema

/// What expressions see of a record: its own columns and its fields, with their types.
extension Scope.Variable {
    /// What every record has.
    static let own: [String: Scope.Variable] = [
        "id": Scope.Variable(.string, nullable: false),
        "created": Scope.Variable(.timestamp, nullable: false),
        "updated": Scope.Variable(.timestamp, nullable: false),
        "version": Scope.Variable(.int, nullable: false),
    ]

    init(_ field: Field) {
        let type = ValueType(field.kind)
        self =
            field.many ? Scope.Variable(.list(type), nullable: false) : Scope.Variable(type, nullable: !field.required)
    }
}

extension ValueType {
    /// The type of one value of a field's kind; json is data that no field describes.
    init(_ kind: FieldKind) {
        switch kind {
        case .text, .email, .url, .choice: self = .string
        case .integer: self = .int
        case .number: self = .double
        case .decimal: self = .decimal
        case .boolean: self = .bool
        case .date: self = .date
        case .datetime: self = .timestamp
        case .relation(let kind): self = .relation(kind.collection)
        case .json: self = .dyn
        }
    }
}
