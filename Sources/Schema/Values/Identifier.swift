/// A record's id: a UUID (RFC 9562), kept as two big-endian halves.
///
/// The server makes version 7 (time-ordered); a client may send any version in the canonical
/// form of 36 characters. Order of values is the order of their text.
package struct Identifier: Hashable, Sendable, Comparable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads the canonical form, `8-4-4-4-12` hexadecimal digits in either case; nil for anything else.
    package init?(_ text: some StringProtocol) {
        var halves: (UInt64, UInt64) = (0, 0)
        var digits = 0
        var position = 0
        for byte in text.utf8 {
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard let digit = Self.hexadecimal(byte), digits < 32 else { return nil }
                if digits < 16 {
                    halves.0 = halves.0 << 4 | UInt64(digit)
                } else {
                    halves.1 = halves.1 << 4 | UInt64(digit)
                }
                digits += 1
            }
            position += 1
        }
        guard digits == 32, position == 36 else { return nil }
        self.init(high: halves.0, low: halves.1)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    package static func < (left: Identifier, right: Identifier) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

extension Identifier: CustomStringConvertible {
    /// The canonical form in lower case.
    package var description: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var next = 0
            for digit in 0..<32 {
                if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
                    buffer[next] = UInt8(ascii: "-")
                    next += 1
                }
                let half = digit < 16 ? high : low
                let value = UInt8(truncatingIfNeeded: half >> UInt64(60 - (digit % 16) * 4)) & 0xf
                buffer[next] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
                next += 1
            }
            return next
        }
    }
}
