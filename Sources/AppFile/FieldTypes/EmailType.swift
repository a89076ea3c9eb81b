import OffstageSchema

extension FieldType {
    static let email = FieldType(
        word: "email",
        summary: "One e-mail address, compared without case.",
        options: [],
        valueShape: .type("string")
    ) { _, _ in .email(EmailKind()) }
}
