import OffstageSchema

extension FieldType {
    static let integer = FieldType(
        word: "integer",
        summary: "A whole number within ±(2^53−1), which every JSON reader keeps exact.",
        options: [
            Key("min", "The smallest value.", .type("integer")),
            Key("max", "The greatest value.", .type("integer")),
        ],
        valueShape: .type("integer")
    ) { section, _ in
        let min = bound("min", section)
        let max = bound("max", section)
        section.checkOrder(min, max)
        return .integer(IntegerKind(min: min, max: max))
    }

    private static func bound(_ key: String, _ section: Section) -> Int64? {
        if case .integer(let bound) = section.value(key, IntegerKind()) { bound } else { nil }
    }
}
