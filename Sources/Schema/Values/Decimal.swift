/// An exact decimal: `unscaled × 10^-scale`, at most 18 digits. Never a float on any path.
package struct Decimal: Hashable, Sendable {
    package static let maximumDigits = 18

    package let unscaled: Int64
    /// Digits after the point, 0–18.
    package let scale: Int

    package init(unscaled: Int64, scale: Int) {
        self.unscaled = unscaled
        self.scale = scale
    }

    /// Why a text is not a decimal of the wanted shape.
    package enum Refusal: Error {
        case notANumber
        /// More digits after the point than the scale; nothing is rounded.
        case tooManyFractionDigits
        case tooManyDigits
    }

    /// Reads a decimal from its text, `[-+][digits][.digits][e[-+]digits]` with at least one digit before the exponent,
    /// the way JSON and people write it.
    ///
    /// - Parameters:
    ///   - scale: digits kept after the point; more in the text is a fault, except zeros that an exponent brings.
    ///   - digits: digits in all, at most 18.
    package init(_ text: some StringProtocol, scale: Int, digits: Int) throws(Refusal) {
        var reader = DecimalText(text.utf8)
        guard reader.read() else { throw .notANumber }
        guard reader.fractionDigits <= scale else { throw .tooManyFractionDigits }
        guard reader.significantDigits + scale - reader.fractionDigits <= digits || reader.magnitude == 0,
            let unscaled = reader.unscaled(scale: scale),
            unscaled.magnitude < Self.powerOfTen(digits)
        else { throw .tooManyDigits }
        self.init(unscaled: unscaled, scale: scale)
    }

    /// 10^exponent for 0–18.
    package static func powerOfTen(_ exponent: Int) -> UInt64 {
        var power: UInt64 = 1
        for _ in 0..<max(0, min(exponent, maximumDigits)) { power *= 10 }
        return power
    }
}

extension Decimal {
    /// Hands over the bytes of the description.
    func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 40) { buffer in
            var next = 40
            var rest = unscaled.magnitude
            var digits = 0
            // From the last digit on, and at least one before the point.
            while rest > 0 || digits <= scale {
                if digits == scale, scale > 0 {
                    next -= 1
                    buffer[next] = UInt8(ascii: ".")
                }
                next -= 1
                buffer[next] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
                digits += 1
            }
            if unscaled < 0 {
                next -= 1
                buffer[next] = UInt8(ascii: "-")
            }
            return body(UnsafeBufferPointer(rebasing: buffer[next...]))
        }
    }
}

extension Decimal: CustomStringConvertible {
    /// All digits of the scale: `12.50`, `-0.05`, `3`.
    package var description: String {
        withText { String(decoding: $0, as: UTF8.self) }
    }
}

/// The parts of a decimal's text: sign, significant digits, and how many of them stand after the point.
private struct DecimalText<Bytes: Swift.Collection> where Bytes.Element == UInt8 {
    private var rest: Bytes.SubSequence
    private(set) var negative = false
    private(set) var magnitude: UInt64 = 0
    private(set) var significantDigits = 0
    private(set) var fractionDigits = 0
    private var overflowed = false

    init(_ bytes: Bytes) {
        rest = bytes[...]
    }

    /// False when the text is no number at all.
    mutating func read() -> Bool {
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            negative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        var digits = readDigits()
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fractionDigits = readDigits()
            guard fractionDigits > 0 else { return false }
            digits += fractionDigits
        }
        guard digits > 0, readExponent(), rest.isEmpty else { return false }
        // More digits than any decimal has; what the exponent made of them does not matter.
        if overflowed { significantDigits = .max / 2 }
        return true
    }

    private mutating func readDigits() -> Int {
        var count = 0
        while let byte = rest.first, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            rest.removeFirst()
            count += 1
            let digit = UInt64(byte - UInt8(ascii: "0"))
            if magnitude > 0 || digit > 0 { significantDigits += 1 }
            let (product, high) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(digit)
            overflowed = overflowed || high || carry
            magnitude = sum
        }
        return count
    }

    private mutating func readExponent() -> Bool {
        guard let byte = rest.first, byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") else { return true }
        rest.removeFirst()
        var down = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            down = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        var exponent = 0
        var count = 0
        while let byte = rest.first, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            rest.removeFirst()
            count += 1
            // Far beyond any scale already; further digits change nothing.
            if exponent < 100_000 { exponent = exponent * 10 + Int(byte - UInt8(ascii: "0")) }
        }
        guard count > 0 else { return false }
        fractionDigits += down ? exponent : -exponent
        // Zeros at the end carry nothing once an exponent is written: 1250e-2 is 12.5 at any scale of one or more.
        while magnitude > 0, magnitude % 10 == 0, fractionDigits > 0 {
            magnitude /= 10
            significantDigits -= 1
            fractionDigits -= 1
        }
        if magnitude == 0 { fractionDigits = 0 }
        return true
    }

    /// The value times 10^scale, or nil when it does not fit.
    func unscaled(scale: Int) -> Int64? {
        guard !overflowed else { return nil }
        var value = magnitude
        guard value > 0 else { return 0 }
        for _ in 0..<min(scale - fractionDigits, 40) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            value = product
        }
        guard let positive = Int64(exactly: value) else { return nil }
        return negative ? -positive : positive
    }
}
