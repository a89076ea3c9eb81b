/// A day, `2026-11-22`.
package struct DateKind: Hashable, Sendable, ValueReader {
    package var min: CalendarDate?
    package var max: CalendarDate?

    package init(min: CalendarDate? = nil, max: CalendarDate? = nil) {
        self.min = min
        self.max = max
    }

    package func read(text: String) throws(Fault) -> Value {
        guard let date = CalendarDate(text) else { throw Fault("", .type, "must be a date, such as 2026-11-22") }
        if let min, date < min { throw Fault("", .min, "must not be before \(min)") }
        if let max, date > max { throw Fault("", .max, "must not be after \(max)") }
        return .date(date)
    }
}
