import OffstageSchema

extension FieldType {
    static let number = FieldType(
        word: "number",
        summary: "A number in floating point, for measurements. Money is a decimal.",
        options: [
            Key("min", "The smallest value.", .type("number")),
            Key("max", "The greatest value.", .type("number")),
        ],
        valueShape: .type("number")
    ) { section, _ in
        let min = bound("min", section)
        let max = bound("max", section)
        section.checkOrder(min, max)
        return .number(NumberKind(min: min, max: max))
    }

    private static func bound(_ key: String, _ section: Section) -> Double? {
        if case .number(let bound) = section.value(key, NumberKind()) { bound } else { nil }
    }
}
