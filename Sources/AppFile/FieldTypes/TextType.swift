import OffstageSchema

extension FieldType {
    static let text = FieldType(
        word: "text",
        summary: "Any text. Kept as it was given.",
        options: [
            Key("min", "Characters at least.", .whole(0...TextKind.largestMaximum)),
            Key("max", "Characters at most; 10,000 unless given.", .whole(1...TextKind.largestMaximum)),
            Key("pattern", "A regular expression that the whole value must match.", .anyText),
            Key("lines", "Lines that a form shows; more than one makes a text area.", .whole(1...linesAtMost)),
        ],
        valueShape: .type("string")
    ) { section, _ in
        let min = section.whole("min", 0...TextKind.largestMaximum)
        let max = section.whole("max", 1...TextKind.largestMaximum)
        if section["max"] == nil || max != nil { section.checkOrder(min, max ?? TextKind.defaultMaximum) }
        return .text(
            TextKind(
                min: min,
                max: max ?? TextKind.defaultMaximum,
                pattern: pattern(section),
                lines: section.whole("lines", 1...linesAtMost)
            )
        )
    }

    private static let linesAtMost = 100

    private static func pattern(_ section: Section) -> Pattern? {
        guard let node = section["pattern"], let source = section.faults.text(node, expected: "a pattern") else {
            return nil
        }
        guard !source.isEmpty else {
            section.faults.expected("a pattern", at: node)
            return nil
        }
        do throws(Pattern.Refusal) {
            return try Pattern(source)
        } catch {
            let before = String(decoding: source.utf8.prefix(error.offset), as: UTF8.self).unicodeScalars.count
            section.faults.add(node.place, "the pattern does not compile: \(error.reason), after \(before) characters")
            return nil
        }
    }
}
