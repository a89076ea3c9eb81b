import OffstageRules
import OffstageSchema

/// `checks`: conditions that every record of a collection keeps.
struct ChecksReader {
    static let keys: [Key] = [
        Key("that", "An expression that must be true of every record.", .named("expression"), required: "total >= 0"),
        Key("message", "What people are told when it is not.", .anyText, required: "The total is negative"),
        Key("field", "The field that the message belongs to.", .named("name")),
    ]

    let fields: FieldsRead
    let collection: String
    let places: ExpressionPlaces
    let faults: FaultList

    func read(_ node: YAMLNode?) -> [Check] {
        guard let node, let elements = faults.list(node, of: "checks, such as {that: …, message: …}") else { return [] }
        var checks: [Check] = []
        for element in elements {
            guard
                let section = Section(
                    element,
                    what: "a check",
                    place: element.place,
                    keys: Self.keys,
                    faults: faults
                )
            else { continue }
            let message = section.line("message")
            let field = section["field"].flatMap { fields.field($0, faults: faults) }
            guard let node = section["that"], let that = faults.expression(node) else { continue }
            places.note(.check(checks.count, of: collection), node)
            checks.append(Check(that: that, message: message ?? "", field: field?.name))
        }
        return checks
    }
}
