package import OffstageSchema

/// A moment in UTC with nanoseconds, years 0001–9999. Records keep milliseconds; expressions may be finer.
package struct Moment: Hashable, Comparable, Sendable {
    /// Since 1970-01-01T00:00:00Z; negative before.
    package let seconds: Int64
    /// 0–999,999,999, always towards later.
    package let nanoseconds: Int64

    static let earliest: Int64 = -62_135_596_800
    static let latest: Int64 = 253_402_300_799

    /// Nil outside of the years 0001–9999.
    package init?(seconds: Int64, nanoseconds: Int64 = 0) {
        guard seconds >= Self.earliest, seconds <= Self.latest, nanoseconds >= 0, nanoseconds < Span.perSecond else {
            return nil
        }
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Clamped to the years 0001–9999.
    package init(_ timestamp: Timestamp) {
        let milliseconds = min(max(timestamp.milliseconds, Self.earliest * 1000), Self.latest * 1000 + 999)
        let whole = milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
        seconds = whole
        nanoseconds = (milliseconds - whole * 1000) * 1_000_000
    }

    /// The moment as records keep it; nanoseconds below the millisecond are dropped.
    package var timestamp: Timestamp {
        Timestamp(milliseconds: seconds * 1000 + nanoseconds / 1_000_000)
    }

    package static func < (left: Moment, right: Moment) -> Bool {
        left.seconds == right.seconds ? left.nanoseconds < right.nanoseconds : left.seconds < right.seconds
    }

    func adding(_ span: Span) -> Moment? {
        moved(by: Int128(span.nanoseconds))
    }

    func subtracting(_ span: Span) -> Moment? {
        moved(by: -Int128(span.nanoseconds))
    }

    func since(_ other: Moment) -> Span? {
        Int64(exactly: total - other.total).map(Span.init(nanoseconds:))
    }

    private var total: Int128 { Int128(seconds) * Int128(Span.perSecond) + Int128(nanoseconds) }

    private func moved(by nanoseconds: Int128) -> Moment? {
        let (seconds, rest) = Self.floor(total + nanoseconds, by: Int128(Span.perSecond))
        guard let seconds = Int64(exactly: seconds), let rest = Int64(exactly: rest) else { return nil }
        return Moment(seconds: seconds, nanoseconds: rest)
    }

    /// Quotient towards earlier and a remainder that is never negative.
    static func floor<T: SignedInteger>(_ value: T, by divisor: T) -> (T, T) {
        let remainder = value % divisor
        return remainder < 0 ? (value / divisor - 1, remainder + divisor) : (value / divisor, remainder)
    }

    /// Reads RFC 3339: `2026-11-22T16:50:00.123456789+01:00`.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 48,
            let date = CalendarDate(String(decoding: bytes[0..<10], as: UTF8.self)),
            bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let hour = Self.twoDigits(bytes, 11), hour < 24, let minute = Self.twoDigits(bytes, 14), minute < 60,
            let second = Self.twoDigits(bytes, 17), second < 60
        else { return nil }
        var next = 19
        var nanoseconds: Int64 = 0
        if bytes[next] == UInt8(ascii: ".") {
            var unit: Int64 = 100_000_000
            next += 1
            let start = next
            while next < bytes.count, Lexer.isDigit(bytes[next]) {
                nanoseconds += Int64(bytes[next] - UInt8(ascii: "0")) * unit
                unit /= 10
                next += 1
            }
            guard next > start, next <= start + 9 else { return nil }
        }
        guard let offset = Self.offset(bytes[next...]) else { return nil }
        let seconds = Int64(date.days) * 86_400 + Int64(hour * 3600 + minute * 60 + second) - Int64(offset * 60)
        self.init(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// Minutes east of UTC from `Z` or `+hh:mm`.
    private static func offset(_ rest: ArraySlice<UInt8>) -> Int? {
        let bytes = Array(rest)
        if bytes.count == 1, bytes[0] | 0x20 == UInt8(ascii: "z") { return 0 }
        guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-") else { return nil }
        return ZoneOffset.minutes(String(decoding: bytes, as: UTF8.self))
    }

    private static func twoDigits(_ bytes: [UInt8], _ start: Int) -> Int? {
        guard Lexer.isDigit(bytes[start]), Lexer.isDigit(bytes[start + 1]) else { return nil }
        return Int(bytes[start] - UInt8(ascii: "0")) * 10 + Int(bytes[start + 1] - UInt8(ascii: "0"))
    }
}

extension Moment: CustomStringConvertible {
    /// RFC 3339 in UTC with the digits after the second that it needs: `2026-11-22T16:50:00.5Z`.
    package var description: String {
        let (days, second) = Moment.floor(seconds, by: 86_400)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let clock = "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
        return "\(CalendarDate(days: Int(days)))T\(clock)\(NanosecondText.fraction(UInt64(nanoseconds)))Z"
    }
}

/// Offsets of time zones written as hours and minutes.
enum ZoneOffset {
    /// Minutes east of UTC from `+11:00`, `-02:30` or `02:00`; nil for anything else.
    static func minutes(_ text: String) -> Int? {
        var bytes = Array(text.utf8)[...]
        var sign = 1
        if let first = bytes.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
            sign = first == UInt8(ascii: "-") ? -1 : 1
            bytes.removeFirst()
        }
        let digits = Array(bytes)
        guard digits.count == 5, digits[2] == UInt8(ascii: ":"),
            [0, 1, 3, 4].allSatisfy({ Lexer.isDigit(digits[$0]) })
        else { return nil }
        func digit(_ place: Int) -> Int { Int(digits[place] - UInt8(ascii: "0")) }
        let hours = digit(0) * 10 + digit(1)
        let minutes = digit(3) * 10 + digit(4)
        guard hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}

/// Where the offsets of named time zones come from. The language itself knows `UTC` and fixed offsets; the tz database
/// is a file, so whoever runs the expression brings it.
package struct TimeZones: Sendable {
    private let lookUp: @Sendable (_ name: String, _ secondsSince1970: Int64) -> Int?

    /// - Parameter lookUp: seconds east of UTC in a zone of the tz database at a moment; nil for an unknown zone.
    package init(_ lookUp: @escaping @Sendable (_ name: String, _ secondsSince1970: Int64) -> Int?) {
        self.lookUp = lookUp
    }

    /// No named zone but `UTC`.
    package static let fixedOffsetsOnly = TimeZones { _, _ in nil }

    /// Seconds east of UTC; nil for an unknown zone.
    func offset(of zone: String, at moment: Moment) -> Int? {
        if zone == "UTC" || zone == "Z" || zone.isEmpty { return 0 }
        if let minutes = ZoneOffset.minutes(zone) { return minutes * 60 }
        return lookUp(zone, moment.seconds)
    }
}
