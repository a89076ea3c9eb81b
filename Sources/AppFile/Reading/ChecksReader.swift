/// `checks`: conditions that every record of a collection keeps. Their shape is checked; the conditions are expressions.
struct ChecksReader {
    static let keys: [Key] = [
        Key("that", "An expression that must be true of every record.", .anyText, required: "total >= 0"),
        Key("message", "What people are told when it is not.", .anyText, required: "The total is negative"),
        Key("field", "The field that the message belongs to.", .named("name")),
    ]

    let fields: FieldsRead
    let faults: FaultList

    func read(_ node: YAMLNode?, place: Place) {
        guard let node, let elements = faults.list(node, of: "checks, such as {that: …, message: …}") else { return }
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
            _ = section.line("message")
            if let field = section["field"] { _ = fields.field(field, faults: faults) }
            if let that = section["that"] { faults.expression(that) }
        }
    }
}
