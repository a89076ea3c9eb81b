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
    package init?(_ text: String) {
        var text = text
        guard let id = text.withUTF8({ Identifier(bytes: $0) }) else { return nil }
        self = id
    }

    package init?(_ text: Substring) {
        self.init(String(text))
    }

    /// The canonical form as bytes.
    package init?(bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count == 36 else { return nil }
        var halves: (UInt64, UInt64) = (0, 0)
        var digits = 0
        for position in 0..<36 {
            let byte = bytes[position]
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = byte.hexadecimalDigit else { return nil }
            if digits < 16 {
                halves.0 = halves.0 << 4 | UInt64(digit)
            } else {
                halves.1 = halves.1 << 4 | UInt64(digit)
            }
            digits += 1
        }
        self.init(high: halves.0, low: halves.1)
    }

    package static func < (left: Identifier, right: Identifier) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

extension Identifier: CustomStringConvertible {
    package static let characters = 36

    /// The canonical form in lower case.
    package var description: String {
        String(unsafeUninitializedCapacity: Self.characters) { buffer in
            write(to: buffer)
            return Self.characters
        }
    }

    /// Writes the canonical form to the first 36 bytes.
    func write(to buffer: UnsafeMutableBufferPointer<UInt8>) {
        let digits: StaticString = "0123456789abcdef"
        let digit = digits.utf8Start
        var next = 0
        for (number, half) in [high, low].enumerated() {
            for byte in 0..<8 {
                // Dashes stand before the bytes 4, 6, 8 and 10.
                let place = number * 8 + byte
                if place >= 4, place <= 10, place & 1 == 0 {
                    buffer[next] = UInt8(ascii: "-")
                    next += 1
                }
                let value = Int(truncatingIfNeeded: half >> UInt64(56 - byte * 8)) & 0xff
                buffer[next] = digit[value >> 4]
                buffer[next + 1] = digit[value & 0xf]
                next += 2
            }
        }
    }
}
