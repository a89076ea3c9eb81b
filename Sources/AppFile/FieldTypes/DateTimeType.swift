import OffstageSchema

extension FieldType {
    static let datetime = FieldType(
        word: "datetime",
        summary: "A moment, such as 2026-11-22T16:50:00Z. Any offset is taken, UTC is kept.",
        options: [
            Key("min", "The first moment allowed, with Z or an offset.", .type("string")),
            Key("max", "The last moment allowed, with Z or an offset.", .type("string")),
        ],
        valueShape: .type("string")
    ) { section, _ in
        let min = bound("min", section)
        let max = bound("max", section)
        section.checkOrder(min, max)
        return .datetime(DateTimeKind(min: min, max: max))
    }

    private static func bound(_ key: String, _ section: Section) -> Timestamp? {
        if case .datetime(let bound) = section.value(key, DateTimeKind()) { bound } else { nil }
    }
}
