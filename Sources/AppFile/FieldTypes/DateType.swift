import OffstageSchema

extension FieldType {
    static let date = FieldType(
        word: "date",
        summary: "A day, such as 2026-11-22.",
        options: [
            Key("min", "The first day allowed.", .type("string")),
            Key("max", "The last day allowed.", .type("string")),
        ],
        valueShape: .type("string")
    ) { section, _ in
        let min = bound("min", section)
        let max = bound("max", section)
        section.checkOrder(min, max)
        return .date(DateKind(min: min, max: max))
    }

    private static func bound(_ key: String, _ section: Section) -> CalendarDate? {
        if case .date(let bound) = section.value(key, DateKind()) { bound } else { nil }
    }
}
