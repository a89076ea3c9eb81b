import OffstageSchema

/// A type that a field may have in the file: its word, its own options, and how they become a kind.
/// One file a type.
struct FieldType: Sendable {
    let word: String
    /// For people, in their editor.
    let summary: String
    /// The options that only this type has, or has with this meaning.
    let options: [Key]
    /// What JSON Schema says of one value of the type.
    let valueShape: JSON
    /// Reads the options; nil when too little of them is right to go on. Faults are noted in the section's list.
    let read: @Sendable (Section, AppNames) -> FieldKind?

    static let all: [FieldType] = [
        .text, .email, .url, .integer, .number, .decimal, .boolean, .date, .datetime, .choice, .relation, .json,
    ]

    static func named(_ word: String) -> FieldType? {
        all.first { $0.word == word }
    }

    /// "a text field", "an integer field".
    var what: String {
        (word.hasPrefix("e") || word.hasPrefix("i") ? "an " : "a ") + word + " field"
    }

    var mayBeMany: Bool {
        FieldKind.namesThatMayBeMany.contains(word)
    }

    /// What people from other systems write, and the word for it here.
    static let wordsElsewhere = [
        "string": "text", "str": "text", "varchar": "text", "textarea": "text", "markdown": "text", "mail": "email",
        "link": "url", "uri": "url", "int": "integer", "bigint": "integer", "float": "number", "double": "number",
        "money": "decimal", "currency": "decimal", "numeric": "decimal", "bool": "boolean", "checkbox": "boolean",
        "timestamp": "datetime", "time": "datetime", "enum": "choice", "select": "choice", "reference": "relation",
        "ref": "relation", "belongs_to": "relation", "object": "json", "jsonb": "json",
    ]
}
