import OffstageSchema
import OffstageStorage

/// One value of a summary. Sums are wider than what fields hold, so that none is wrong for being large.
enum SummaryValue: Sendable {
    case value(Value)
    /// The year, month or day that starts with a date.
    case period(CalendarPeriod, CalendarDate)
    /// An exact decimal of any width: `unscaled × 10^-scale`.
    case decimal(Int128, scale: Int)

    /// Digits that the mean of decimals has behind those of the field.
    static let meanDigits = 4

    /// The sum of whole numbers or, with a scale, of decimals; nil when a whole number is beyond 64 bits.
    init?(sum: Int128, scale: Int?) {
        if let scale {
            self = .decimal(sum, scale: scale)
        } else if let whole = Int64(exactly: sum) {
            self = .value(.integer(whole))
        } else {
            return nil
        }
    }

    /// The mean: of decimals exact to some more digits than the field's, half away from zero; of whole numbers a double.
    ///
    /// - Parameter count: at least 1.
    init(mean sum: Int128, of count: Int64, scale: Int?) {
        guard let scale else {
            let (whole, rest) = sum.quotientAndRemainder(dividingBy: Int128(count))
            self = .value(.number(Double(whole) + Double(rest) / Double(count)))
            return
        }
        // A sum of 2^31 decimals of 18 digits and four more digits stay far inside 128 bits.
        let scaled = sum * Int128(Decimal.powerOfTen(Self.meanDigits))
        var (mean, rest) = scaled.quotientAndRemainder(dividingBy: Int128(count))
        if rest.magnitude * 2 >= UInt128(count) { mean += sum < 0 ? -1 : 1 }
        self = .decimal(mean, scale: scale + Self.meanDigits)
    }

    /// A sum of doubles divided by a count; nil when the sum is beyond what a double holds.
    init?(_ sum: Value, count: Int64) {
        guard case .number(let sum) = sum, sum.isFinite else { return nil }
        self = .value(.number(sum / Double(count)))
    }

    /// About how much it holds.
    var bytes: Int {
        if case .value(let value) = self { value.bytes } else { 16 }
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .value(let value): writer.write(value)
        case .decimal(let unscaled, let scale): writer.quoted(Self.text(unscaled, scale: scale))
        case .period(.year, let date): writer.write(Int64(date.components.year))
        case .period(.month, let date): writer.quoted(String(date.description.dropLast(3)))
        case .period(.day, let date): writer.quoted(date.description)
        }
    }

    /// As decimals of any size are written: all digits of the scale.
    private static func text(_ unscaled: Int128, scale: Int) -> String {
        var digits = String(unscaled.magnitude)
        if digits.count <= scale { digits = String(repeating: "0", count: scale + 1 - digits.count) + digits }
        let sign = unscaled < 0 ? "-" : ""
        return scale == 0 ? sign + digits : "\(sign)\(digits.dropLast(scale)).\(digits.suffix(scale))"
    }
}
