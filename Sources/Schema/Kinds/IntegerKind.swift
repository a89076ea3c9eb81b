/// A whole number within ±(2^53−1), so that every JSON reader keeps it exact (RFC 8259, section 6).
package struct IntegerKind: Hashable, Sendable, ValueReader {
    package static let largest: Int64 = 9_007_199_254_740_991

    package var min: Int64?
    package var max: Int64?

    package init(min: Int64? = nil, max: Int64? = nil) {
        self.min = min
        self.max = max
    }

    package func read(_ json: JSON) throws(Fault) -> Value {
        guard case .number(let text) = json else { throw wrongType(json, expected: "a whole number") }
        return try read(text: text)
    }

    package func read(text: String) throws(Fault) -> Value {
        // 1e3 and 5.0 are whole numbers too; a decimal without a fraction reads them exactly.
        let decimal: Decimal
        do throws(Decimal.Refusal) {
            decimal = try Self.whole(text)
        } catch .notANumber, .tooManyFractionDigits {
            throw Fault("", .type, "must be a whole number")
        } catch {
            throw Fault("", .type, "must be between -\(Self.largest) and \(Self.largest)")
        }
        let number = decimal.unscaled
        guard number.magnitude <= Self.largest.magnitude else {
            throw Fault("", .type, "must be between -\(Self.largest) and \(Self.largest)")
        }
        if let min, number < min { throw Fault("", .min, "must be at least \(min)") }
        if let max, number > max { throw Fault("", .max, "must be at most \(max)") }
        return .integer(number)
    }

    private static func whole(_ text: String) throws(Decimal.Refusal) -> Decimal {
        if let number = Int64(text), number.magnitude <= largest.magnitude {
            return Decimal(unscaled: number, scale: 0)
        }
        var text = text[...]
        if let point = text.firstIndex(of: "."), text[text.index(after: point)...].allSatisfy({ $0 == "0" }),
            text.index(after: point) < text.endIndex
        {
            text = text[..<point]
        }
        return try Decimal(text, scale: 0, digits: Decimal.maximumDigits)
    }
}
