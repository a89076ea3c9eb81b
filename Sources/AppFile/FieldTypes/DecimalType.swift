import OffstageSchema

extension FieldType {
    static let decimal = FieldType(
        word: "decimal",
        summary: "An exact decimal number, for money above all. Never rounded.",
        options: [
            Key("digits", "Digits in all, 1 to 18.", .whole(1...Decimal.maximumDigits), required: "10"),
            Key(
                "scale",
                "Digits after the point, 0 to digits; 2 for most money.",
                .whole(0...Decimal.maximumDigits),
                required: "2"
            ),
            Key("min", "The smallest value.", .type("number", "string")),
            Key("max", "The greatest value.", .type("number", "string")),
        ],
        valueShape: .type("number", "string")
    ) { section, _ in
        guard let digits = section.whole("digits", 1...Decimal.maximumDigits),
            let scale = section.whole("scale", 0...digits)
        else { return nil }
        let kind = DecimalKind(digits: digits, scale: scale)
        let min = bound("min", section, kind)
        let max = bound("max", section, kind)
        // Of one scale, so the digits compare as they are.
        if let min, let max, min.unscaled > max.unscaled, let node = section["min"] {
            section.faults.add(node.place, "\"min\" \(min) is above \"max\" \(max), so no value would be allowed")
        }
        return .decimal(DecimalKind(digits: digits, scale: scale, min: min, max: max))
    }

    private static func bound(_ key: String, _ section: Section, _ kind: DecimalKind) -> Decimal? {
        if case .decimal(let bound) = section.value(key, kind) { bound } else { nil }
    }
}
