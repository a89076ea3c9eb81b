package import OffstageSchema

/// Arithmetic on exact decimals: a result that needs more than 18 digits does not exist, it is never rounded.
extension Decimal {
    /// Reads `[-+]digits[.digits]` with as many digits after the point as are written.
    package init?(literal text: String) {
        let fraction: Int
        if let point = text.utf8.firstIndex(of: UInt8(ascii: ".")) {
            fraction = text.utf8.distance(from: point, to: text.utf8.endIndex) - 1
        } else {
            fraction = 0
        }
        let plain = text.utf8.allSatisfy { Lexer.isDigit($0) || "+-.".utf8.contains($0) }
        guard plain, fraction <= Decimal.maximumDigits,
            let decimal = try? Decimal(text, scale: fraction, digits: Decimal.maximumDigits)
        else { return nil }
        self = decimal
    }

    func order(to other: Decimal) -> Datum.Order {
        let (left, right, _) = aligned(with: other)
        return left == right ? .same : left < right ? .less : .greater
    }

    func adding(_ other: Decimal) -> Decimal? {
        let (left, right, scale) = aligned(with: other)
        return Decimal(exactly: left + right, scale: scale)
    }

    func subtracting(_ other: Decimal) -> Decimal? {
        let (left, right, scale) = aligned(with: other)
        return Decimal(exactly: left - right, scale: scale)
    }

    func multiplied(by factor: Int64) -> Decimal? {
        Decimal(exactly: Int128(unscaled) * Int128(factor), scale: scale)
    }

    func negated() -> Decimal? {
        Decimal(exactly: -Int128(unscaled), scale: scale)
    }

    /// Both at the larger scale. 64 bits times 10^18 stay far inside 128 bits.
    private func aligned(with other: Decimal) -> (Int128, Int128, Int) {
        let common = max(scale, other.scale)
        let left = Int128(unscaled) * Int128(Decimal.powerOfTen(common - scale))
        let right = Int128(other.unscaled) * Int128(Decimal.powerOfTen(common - other.scale))
        return (left, right, common)
    }

    private init?(exactly unscaled: Int128, scale: Int) {
        guard unscaled.magnitude < UInt128(Decimal.powerOfTen(Decimal.maximumDigits)),
            let unscaled = Int64(exactly: unscaled)
        else { return nil }
        self.init(unscaled: unscaled, scale: scale)
    }
}
