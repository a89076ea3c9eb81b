import OffstageSchema

/// The rule for all years behind a zone's last transition: a POSIX TZ text such as `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule: Sendable {
    /// A day of the year and the second of that day, by the local clock.
    private struct Change {
        enum Day {
            /// Month, week (5 is the last) and day of the week (0 is Sunday).
            case weekday(month: Int, week: Int, day: Int)
            /// 1–365, February 29 never counted.
            case julian(Int)
            /// 0–365.
            case zeroBased(Int)
        }

        let day: Day
        let second: Int
    }

    private let standard: Int
    private let summer: (offset: Int, start: Change, end: Change)?

    /// Nil for a text that is no rule.
    init?(_ text: String) {
        var reader = RuleReader(text)
        guard reader.name(), let west = reader.time() else { return nil }
        standard = -west
        guard !reader.isAtEnd else {
            summer = nil
            return
        }
        guard reader.name() else { return nil }
        let offset = reader.peek == UInt8(ascii: ",") ? standard + 3600 : reader.time().map { -$0 }
        guard let offset, let start = Self.change(&reader), let end = Self.change(&reader), reader.isAtEnd else {
            return nil
        }
        summer = (offset, start, end)
    }

    private static func change(_ reader: inout RuleReader) -> Change? {
        guard reader.take(","), let day = day(&reader) else { return nil }
        guard reader.take("/") else { return Change(day: day, second: 7200) }
        return reader.time().map { Change(day: day, second: $0) }
    }

    private static func day(_ reader: inout RuleReader) -> Change.Day? {
        if reader.take("J") { return reader.number().map { .julian($0) } }
        guard reader.take("M") else { return reader.number().map { .zeroBased($0) } }
        guard let month = reader.number(), reader.take("."), let week = reader.number(), reader.take("."),
            let day = reader.number(), (1...12).contains(month), (1...5).contains(week), (0...6).contains(day)
        else { return nil }
        return .weekday(month: month, week: week, day: day)
    }

    /// Seconds east of UTC at a moment.
    func offset(at seconds: Int64) -> Int {
        guard let summer else { return standard }
        let year = CalendarDate(days: Int(Moment.floor(seconds + Int64(standard), by: 86_400).0)).components.year
        guard let start = Self.moment(of: summer.start, in: year, offset: standard),
            let end = Self.moment(of: summer.end, in: year, offset: summer.offset)
        else { return standard }
        // South of the equator summer goes over the end of the year.
        let isSummer = start < end ? seconds >= start && seconds < end : seconds >= start || seconds < end
        return isSummer ? summer.offset : standard
    }

    private static func moment(of change: Change, in year: Int, offset: Int) -> Int64? {
        guard let newYear = CalendarDate(year: year, month: 1, day: 1) else { return nil }
        let days: Int
        switch change.day {
        case .zeroBased(let day): days = newYear.days + day
        case .julian(let day):
            let leaps = CalendarDate(year: year, month: 2, day: 29) != nil && day >= 60
            days = newYear.days + day - 1 + (leaps ? 1 : 0)
        case .weekday(let month, let week, let day):
            guard let first = CalendarDate(year: year, month: month, day: 1) else { return nil }
            // 1970-01-01 was a Thursday.
            let weekday = Moment.floor(first.days + 4, by: 7).1
            var candidate = first.days + (day - weekday + 7) % 7 + (week - 1) * 7
            if CalendarDate(days: candidate).components.month != month { candidate -= 7 }
            days = candidate
        }
        return Int64(days) * 86_400 + Int64(change.second - offset)
    }
}

/// Reads the parts of a POSIX TZ text.
private struct RuleReader {
    private var rest: ArraySlice<UInt8>

    init(_ text: String) { rest = Array(text.utf8)[...] }

    var isAtEnd: Bool { rest.isEmpty }
    var peek: UInt8? { rest.first }

    mutating func take(_ letter: Unicode.Scalar) -> Bool {
        guard rest.first.map(Unicode.Scalar.init) == letter else { return false }
        rest.removeFirst()
        return true
    }

    /// A zone's name, `CET` or `<+03>`.
    mutating func name() -> Bool {
        if take("<") {
            rest = rest.drop { $0 != UInt8(ascii: ">") }
            return take(">")
        }
        let letters = rest.prefix { Lexer.startsWord($0) }.count
        rest = rest.dropFirst(letters)
        return letters >= 3
    }

    mutating func number() -> Int? {
        var value: Int?
        while let byte = rest.first, Lexer.isDigit(byte) {
            value = min((value ?? 0) * 10 + Int(byte - UInt8(ascii: "0")), 1_000_000)
            rest.removeFirst()
        }
        return value
    }

    /// `[-+]hh[:mm[:ss]]` in seconds.
    mutating func time() -> Int? {
        let negative = take("-")
        if !negative { _ = take("+") }
        guard var seconds = number().map({ $0 * 3600 }), seconds <= 167 * 3600 else { return nil }
        for unit in [60, 1] where take(":") {
            guard let part = number(), part < 60 else { return nil }
            seconds += part * unit
        }
        return negative ? -seconds : seconds
    }
}
