/// A moment in UTC with milliseconds, years 0001–9999.
package struct Timestamp: Hashable, Sendable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z; negative before.
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// 0001-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z.
    package static let earliest = Timestamp(milliseconds: -62_135_596_800_000)
    package static let latest = Timestamp(milliseconds: 253_402_300_799_999)

    /// Why a text is not a moment.
    package enum Refusal: Error {
        case notAMoment
        /// No `Z` and no offset, so the moment is not known.
        case noOffset
        /// More than three digits after the second: finer than what is kept.
        case tooFine
    }

    /// Reads RFC 3339 (`2026-11-22T16:50:00.123+01:00`), with a `T` or a space and any offset.
    ///
    /// - Parameter assumingUTC: takes a text without an offset, and without seconds, as UTC, as the `datetime-local`
    ///   control of a form sends it.
    package init(_ text: some StringProtocol, assumingUTC: Bool = false) throws(Refusal) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 16, let date = CalendarDate(String(decoding: bytes[0..<10], as: UTF8.self)),
            bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t") || bytes[10] == UInt8(ascii: " "),
            let hour = DigitText.number(bytes[11..<13]), hour < 24, bytes[13] == UInt8(ascii: ":"),
            let minute = DigitText.number(bytes[14..<16]), minute < 60
        else { throw .notAMoment }
        var next = 16
        var second = 0
        var fraction = 0
        if bytes.count >= 19, bytes[16] == UInt8(ascii: ":") {
            guard let read = DigitText.number(bytes[17..<19]), read < 60 else { throw .notAMoment }
            second = read
            next = 19
            (fraction, next) = try Self.fraction(bytes, from: next)
        } else if !assumingUTC {
            throw .notAMoment
        }
        let offset = try Self.offset(bytes[next...], assumingUTC: assumingUTC)
        let seconds = Int64(date.days) * 86_400 + Int64(hour * 3600 + minute * 60 + second) - Int64(offset * 60)
        let moment = Timestamp(milliseconds: seconds * 1000 + Int64(fraction))
        guard moment >= .earliest, moment <= .latest else { throw .notAMoment }
        self = moment
    }

    private static func fraction(_ bytes: [UInt8], from start: Int) throws(Refusal) -> (Int, Int) {
        guard start < bytes.count, bytes[start] == UInt8(ascii: ".") else { return (0, start) }
        var milliseconds = 0
        var next = start + 1
        while next < bytes.count, bytes[next] >= UInt8(ascii: "0"), bytes[next] <= UInt8(ascii: "9") {
            let place = next - start
            let digit = Int(bytes[next] - UInt8(ascii: "0"))
            if place <= 3 {
                milliseconds += digit * (place == 1 ? 100 : place == 2 ? 10 : 1)
            } else if digit != 0 {
                throw .tooFine
            }
            next += 1
        }
        guard next > start + 1 else { throw .notAMoment }
        return (milliseconds, next)
    }

    /// Minutes east of UTC.
    private static func offset(_ bytes: ArraySlice<UInt8>, assumingUTC: Bool) throws(Refusal) -> Int {
        let text = Array(bytes)
        guard let first = text.first else {
            if assumingUTC { return 0 }
            throw .noOffset
        }
        if text.count == 1, first == UInt8(ascii: "Z") || first == UInt8(ascii: "z") { return 0 }
        guard text.count == 6, first == UInt8(ascii: "+") || first == UInt8(ascii: "-"), text[3] == UInt8(ascii: ":"),
            let hours = DigitText.number(text[1..<3]), hours < 24,
            let minutes = DigitText.number(text[4..<6]), minutes < 60
        else { throw .notAMoment }
        return (first == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes)
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

extension Timestamp: CustomStringConvertible {
    package static let characters = 24

    /// `2026-11-22T16:50:00.123Z`, always 24 characters.
    package var description: String {
        String(unsafeUninitializedCapacity: Self.characters) { buffer in
            write(to: buffer)
            return Self.characters
        }
    }

    /// Writes the description to the first 24 bytes.
    func write(to buffer: UnsafeMutableBufferPointer<UInt8>) {
        var (day, rest) = Int(milliseconds).quotientAndRemainder(dividingBy: 86_400_000)
        if rest < 0 {
            day -= 1
            rest += 86_400_000
        }
        let (year, month, dayOfMonth) = CalendarDate(days: day).components
        Self.write(year, to: buffer, at: 0..<4, then: "-")
        Self.write(month, to: buffer, at: 5..<7, then: "-")
        Self.write(dayOfMonth, to: buffer, at: 8..<10, then: "T")
        Self.write(rest / 3_600_000, to: buffer, at: 11..<13, then: ":")
        Self.write(rest / 60_000 % 60, to: buffer, at: 14..<16, then: ":")
        Self.write(rest / 1000 % 60, to: buffer, at: 17..<19, then: ".")
        Self.write(rest % 1000, to: buffer, at: 20..<23, then: "Z")
    }

    private static func write(
        _ number: Int,
        to buffer: UnsafeMutableBufferPointer<UInt8>,
        at places: Range<Int>,
        then separator: Unicode.Scalar
    ) {
        var rest = number.magnitude
        for place in places.reversed() {
            buffer[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        buffer[places.upperBound] = UInt8(ascii: separator)
    }
}
