import OffstageSchema

extension FieldType {
    static let boolean = FieldType(
        word: "boolean",
        summary: "True or false; a check box in forms.",
        options: [],
        valueShape: .boolean
    ) { _, _ in .boolean(BooleanKind()) }
}
