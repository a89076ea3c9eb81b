import OffstageSchema

extension FieldType {
    static let json = FieldType(
        word: "json",
        summary: "Any JSON, kept as it is.",
        options: [
            Key(
                "max_bytes",
                "Bytes at most; 65,536 unless given.",
                .whole(1...JSONKind.largestMaximum)
            )
        ],
        valueShape: .schema([:])
    ) { section, _ in
        let maximum = section.whole("max_bytes", 1...JSONKind.largestMaximum)
        return .json(JSONKind(maximumBytes: maximum ?? JSONKind.defaultMaximum))
    }
}
