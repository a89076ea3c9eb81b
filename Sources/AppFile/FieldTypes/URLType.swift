import OffstageSchema

extension FieldType {
    static let url = FieldType(
        word: "url",
        summary: "A web address, http or https.",
        options: [],
        valueShape: .type("string")
    ) { _, _ in .url(URLKind()) }
}
