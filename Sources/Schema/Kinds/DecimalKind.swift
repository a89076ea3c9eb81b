/// An exact decimal of a fixed scale, for money above all. In JSON a string; a JSON number is read from its text.
package struct DecimalKind: Hashable, Sendable, ValueReader {
    /// Digits in all, 1–18.
    package var digits: Int
    /// Digits after the point, 0–`digits`.
    package var scale: Int
    package var min: Decimal?
    package var max: Decimal?

    package init(digits: Int, scale: Int, min: Decimal? = nil, max: Decimal? = nil) {
        self.digits = digits
        self.scale = scale
        self.min = min
        self.max = max
    }

    package func read(_ json: JSON) throws(Fault) -> Value {
        switch json {
        case .number(let text), .string(let text): return try read(text: text)
        default: throw wrongType(json, expected: "a decimal in a string, such as \"\(example)\"")
        }
    }

    package func read(text: String) throws(Fault) -> Value {
        let decimal: Decimal
        do throws(Decimal.Refusal) {
            decimal = try Decimal(text, scale: scale, digits: digits)
        } catch .notANumber {
            throw Fault("", .type, "must be a decimal, such as \(example)")
        } catch .tooManyFractionDigits {
            throw Fault("", .scale, "must have at most \(scale) digits after the point; nothing is rounded")
        } catch {
            throw Fault("", .digits, "must have at most \(digits - scale) digits before the point")
        }
        if let min, decimal.unscaled < min.unscaled { throw Fault("", .min, "must be at least \(min)") }
        if let max, decimal.unscaled > max.unscaled { throw Fault("", .max, "must be at most \(max)") }
        return .decimal(decimal)
    }

    private var example: String {
        scale == 0 ? "12" : "12." + String(repeating: "5", count: Swift.min(scale, 2))
    }
}
