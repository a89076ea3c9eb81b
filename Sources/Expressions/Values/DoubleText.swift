/// Doubles as text, independent of locale and C library.
enum DoubleText {
    /// Reads a decimal number, `NaN` or `Infinity`; nil when it is none or too large for a double.
    static func read(_ text: String) -> Double? {
        guard text.utf8.count <= 1100, let value = Double(text) else { return nil }
        if value.isInfinite, text.utf8.contains(where: Lexer.isDigit) { return nil }
        return value
    }

    /// The fewest digits that mean exactly this double, with an exponent from 1e+21 up and below 1e-4.
    static func short(_ value: Double) -> String {
        if let word = word(value) { return word }
        let digits = Digits(shortest: value)
        let exponent = digits.point - 1
        guard exponent < -4 || exponent >= 21 else { return digits.plain }
        return digits.scientific
    }

    /// The fewest digits that mean exactly this double, never with an exponent.
    static func plain(_ value: Double) -> String {
        word(value) ?? Digits(shortest: value).plain
    }

    /// `dddd.dddd` with so many digits after the point, rounded half to even on the exact binary value.
    static func fixed(_ value: Double, precision: Int) -> String {
        if let word = word(value) { return word }
        var digits = Digits(exact: value)
        digits.round(to: digits.point + precision)
        return digits.fixed(precision)
    }

    /// `d.dddde±dd` with so many digits after the point.
    static func scientific(_ value: Double, precision: Int) -> String {
        if let word = word(value) { return word }
        var digits = Digits(exact: value)
        digits.round(to: precision + 1)
        while digits.values.count <= precision { digits.values.append(0) }
        return digits.scientific
    }

    private static func word(_ value: Double) -> String? {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return nil
    }
}

/// A number as decimal digits: `0.d₁d₂d₃… × 10^point`.
private struct Digits {
    var values: [UInt8]
    var point: Int
    let negative: Bool

    /// From Swift's description, which has the fewest digits that read back as the same value.
    init(shortest value: Double) {
        negative = value.sign == .minus
        values = []
        point = 0
        var exponent = 0
        var afterPoint = false
        let parts = value.magnitude.description.split(separator: "e")
        for byte in (parts.first ?? "").utf8 {
            if byte == UInt8(ascii: ".") {
                afterPoint = true
            } else {
                values.append(byte - UInt8(ascii: "0"))
                if !afterPoint { point += 1 }
            }
        }
        if parts.count > 1 { exponent = Int(parts[1]) ?? 0 }
        point += exponent
        trim()
    }

    /// Every digit of the exact value: a double is a whole number times a power of two, so it has an end.
    init(exact value: Double) {
        negative = value.sign == .minus
        let exponent = Int(value.exponentBitPattern)
        let mantissa = exponent == 0 ? value.significandBitPattern : value.significandBitPattern | 1 << 52
        let power = (exponent == 0 ? 1 : exponent) - 1075
        var whole = LargeNumber(mantissa)
        // m × 2^-k is m × 5^k with k digits behind the point.
        whole.multiply(by: power < 0 ? 5 : 2, times: Int(power.magnitude))
        values = whole.digits
        point = values.count + min(power, 0)
        trim()
    }

    /// Drops zeros at both ends that carry nothing.
    private mutating func trim() {
        let leading = values.prefix { $0 == 0 }.count
        values.removeFirst(leading)
        point -= leading
        while values.last == 0 { values.removeLast() }
        if values.isEmpty { point = 1 }
    }

    /// Keeps so many digits, rounding half to even.
    mutating func round(to count: Int) {
        guard count < values.count else { return }
        guard count >= 0 else {
            values = []
            return
        }
        let dropped = values[count...]
        let half = dropped.first == 5 && dropped.dropFirst().allSatisfy { $0 == 0 }
        let odd = count > 0 && values[count - 1] % 2 == 1
        let up = half ? odd : (dropped.first ?? 0) >= 5
        values.removeSubrange(count...)
        guard up else { return }
        var place = count - 1
        while place >= 0, values[place] == 9 {
            values[place] = 0
            place -= 1
        }
        if place >= 0 {
            values[place] += 1
        } else {
            values.insert(1, at: 0)
            point += 1
            if values.count > count, count > 0 { values.removeLast() }
        }
    }

    private func digit(_ place: Int) -> UInt8 {
        place >= 0 && place < values.count ? values[place] : 0
    }

    private func text(_ places: Range<Int>) -> String {
        String(decoding: places.map { digit($0) + UInt8(ascii: "0") }, as: UTF8.self)
    }

    private var whole: String { (negative ? "-" : "") + (point > 0 ? text(0..<point) : "0") }

    var plain: String {
        values.count > point ? whole + "." + text(point..<values.count) : whole
    }

    func fixed(_ precision: Int) -> String {
        precision > 0 ? whole + "." + text(point..<point + precision) : whole
    }

    var scientific: String {
        let exponent = values.isEmpty || values.allSatisfy { $0 == 0 } ? 0 : point - 1
        let fraction = values.count > 1 ? "." + text(1..<values.count) : ""
        let size = String(exponent.magnitude)
        let mark = exponent < 0 ? "e-" : "e+"
        return (negative ? "-" : "") + text(0..<1) + fraction + mark + (size.utf8.count < 2 ? "0" + size : size)
    }
}

/// A whole number of any length, in groups of nine digits, the lowest first.
private struct LargeNumber {
    private var groups: [UInt64] = []

    init(_ value: UInt64) {
        var rest = value
        while rest > 0 {
            groups.append(rest % 1_000_000_000)
            rest /= 1_000_000_000
        }
    }

    /// Multiplies by factor^times; the factor is 2 or 5.
    mutating func multiply(by factor: UInt64, times: Int) {
        var left = times
        while left > 0 {
            let step = min(left, 12)
            var power: UInt64 = 1
            for _ in 0..<step { power *= factor }
            multiply(by: power)
            left -= step
        }
    }

    private mutating func multiply(by factor: UInt64) {
        var carry: UInt64 = 0
        for place in groups.indices {
            let product = groups[place] * factor + carry
            groups[place] = product % 1_000_000_000
            carry = product / 1_000_000_000
        }
        if carry > 0 { groups.append(carry) }
    }

    var digits: [UInt8] {
        var digits: [UInt8] = []
        for group in groups.reversed() {
            var divisor: UInt64 = 100_000_000
            while divisor > 0 {
                digits.append(UInt8(truncatingIfNeeded: group / divisor % 10))
                divisor /= 10
            }
        }
        return digits
    }
}
