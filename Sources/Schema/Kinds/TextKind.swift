/// Any Unicode text without NUL, kept in NFC so that equal texts are equal bytes.
package struct TextKind: Hashable, Sendable, ValueReader {
    /// In Unicode code points.
    package var min: Int?
    /// In Unicode code points, at most 1,000,000.
    package var max: Int
    /// The whole value must match.
    package var pattern: Pattern?
    /// How tall a form shows it.
    package var lines: Int?

    package static let defaultMaximum = 10_000
    package static let largestMaximum = 1_000_000

    package init(min: Int? = nil, max: Int = Self.defaultMaximum, pattern: Pattern? = nil, lines: Int? = nil) {
        self.min = min
        self.max = max
        self.pattern = pattern
        self.lines = lines
    }

    package func read(text: String) throws(Fault) -> Value {
        let text = try NormalizedText.read(text)
        // Bytes bound code points from above: most values need no count.
        if text.utf8.count > max || min != nil {
            let count = text.unicodeScalars.count
            if count > max { throw Fault("", .max, "must have at most \(max) characters, not \(count)") }
            if let min, count < min { throw Fault("", .min, "must have at least \(min) characters, not \(count)") }
        }
        if let pattern {
            switch pattern.matches(whole: text) {
            case .yes: break
            case .no: throw Fault("", .pattern, "must match the pattern \(pattern.source)")
            case .tooCostly: throw Fault("", .pattern, "takes too long to match the pattern \(pattern.source)")
            }
        }
        return .text(text)
    }
}
