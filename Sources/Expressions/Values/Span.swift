/// A length of time in nanoseconds, about ±292 years.
package struct Span: Hashable, Comparable, Sendable {
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// At most some 292 years.
    package init(milliseconds: Int64) {
        let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        nanoseconds = overflow ? (milliseconds < 0 ? .min : .max) : product
    }

    static let perSecond: Int64 = 1_000_000_000

    package static func < (left: Span, right: Span) -> Bool { left.nanoseconds < right.nanoseconds }

    func adding(_ other: Span) -> Span? {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(other.nanoseconds)
        return overflow ? nil : Span(nanoseconds: sum)
    }

    func subtracting(_ other: Span) -> Span? {
        let (difference, overflow) = nanoseconds.subtractingReportingOverflow(other.nanoseconds)
        return overflow ? nil : Span(nanoseconds: difference)
    }

    func negated() -> Span? {
        Span(nanoseconds: 0).subtracting(self)
    }

    /// Reads `1h30m`, `-1.5s`, `300ms`: a sign, then numbers with the units h, m, s, ms, us (µs) and ns; or a plain `0`.
    package init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        var negative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            negative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        guard !rest.isEmpty else { return nil }
        if rest.elementsEqual([UInt8(ascii: "0")]) {
            self.init(nanoseconds: 0)
            return
        }
        var total: Int128 = 0
        while !rest.isEmpty {
            guard let part = Self.part(&rest) else { return nil }
            total += part
            guard total < Int128(1) << 70 else { return nil }
        }
        guard let nanoseconds = Int64(exactly: negative ? -total : total) else { return nil }
        self.init(nanoseconds: nanoseconds)
    }

    /// One number with its unit, in nanoseconds. Digits finer than a nanosecond are dropped.
    private static func part(_ rest: inout ArraySlice<UInt8>) -> Int128? {
        var whole: Int128 = 0
        var digits = 0
        while let byte = rest.first, Lexer.isDigit(byte) {
            whole = whole * 10 + Int128(byte - UInt8(ascii: "0"))
            guard whole < Int128(1) << 64 else { return nil }
            digits += 1
            rest.removeFirst()
        }
        var fraction: Int128 = 0
        var divisor: Int128 = 1
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            while let byte = rest.first, Lexer.isDigit(byte) {
                if divisor < 1_000_000_000_000_000_000 {
                    fraction = fraction * 10 + Int128(byte - UInt8(ascii: "0"))
                    divisor *= 10
                }
                digits += 1
                rest.removeFirst()
            }
        }
        guard digits > 0, let unit = unit(&rest) else { return nil }
        return whole * unit + fraction * unit / divisor
    }

    private static func unit(_ rest: inout ArraySlice<UInt8>) -> Int128? {
        let letters = rest.prefix { !Lexer.isDigit($0) && $0 != UInt8(ascii: ".") }
        rest = rest.dropFirst(letters.count)
        switch String(decoding: letters, as: UTF8.self) {
        case "h": return 3_600_000_000_000
        case "m": return 60_000_000_000
        case "s": return 1_000_000_000
        case "ms": return 1_000_000
        case "us", "\u{b5}s", "\u{3bc}s": return 1000
        case "ns": return 1
        default: return nil
        }
    }
}

extension Span: CustomStringConvertible {
    /// Seconds with what they need after the point: `6347s`, `-1.5s`.
    package var description: String {
        let magnitude = nanoseconds.magnitude
        let sign = nanoseconds < 0 ? "-" : ""
        let fraction = NanosecondText.fraction(magnitude % UInt64(Self.perSecond))
        return "\(sign)\(magnitude / UInt64(Self.perSecond))\(fraction)s"
    }
}

/// Nanoseconds below a second, as times and durations write them.
enum NanosecondText {
    /// `.5`, `.000000001`, or nothing.
    static func fraction(_ nanoseconds: UInt64) -> String {
        guard nanoseconds > 0 else { return "" }
        var digits = String(nanoseconds)
        digits = String(repeating: "0", count: max(0, 9 - digits.utf8.count)) + digits
        while digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
        return "." + digits
    }
}
