import OffstageSchema

/// The options that a field of any type has.
enum FieldKeys {
    static let type = Key(
        "type",
        "What its values are.",
        .words(FieldType.all.map(\.word)),
        required: "text"
    )

    static let shared: [Key] = [
        Key("required", "A record must have a value.", .boolean),
        Key("unique", "No two records have the same value; empty ones do not count.", .boolean),
        Key("default", "The value of a new record that is given none.", .schema([:])),
        Key("label", "What people read; made from the name unless given.", .anyText),
        Key("help", "A sentence that a form shows below the label.", .anyText),
        Key("readable", "To whom the API shows it: true, false or an expression; true unless given.", .named("rule")),
        Key("writable", "From whom the API takes it: true, false or an expression; true unless given.", .named("rule")),
        Key(
            "assign",
            "An expression whose value the server sets at creation; clients never send the field.",
            .named("expression")
        ),
        Key("was", "The name it had before, so that a rename keeps the values.", .named("name")),
        Key("many", "A list of values. For text, choice, integer and relation.", .boolean),
    ]

    /// All keys of a field of a type.
    static func of(_ type: FieldType) -> [Key] {
        [Self.type] + type.options + shared
    }

    /// The types that have an option of this name, when it is one.
    static func types(withOption name: String) -> [String] {
        FieldType.all.filter { $0.options.contains { $0.name == name } }.map(\.word)
    }
}
