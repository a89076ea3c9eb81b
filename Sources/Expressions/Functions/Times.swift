import OffstageSchema

/// What a moment or a duration consists of (CEL langdef, "Standard Definitions").
extension Function {
    /// Whether its second argument is a time zone.
    var takesZone: Bool {
        switch self {
        case .getFullYear, .getMonth, .getDate, .getDayOfMonth, .getDayOfWeek, .getDayOfYear, .getHours, .getMinutes,
            .getSeconds, .getMilliseconds:
            true
        default: false
        }
    }

    func readTime(_ arguments: [Datum], zones: TimeZones) throws(EvaluationFailure.Reason) -> Datum {
        switch arguments.first {
        case .timestamp(let moment):
            return .int(try part(of: moment, zone: try zone(arguments), zones: zones))
        case .duration(let span) where arguments.count == 1:
            return .int(try part(of: span, arguments))
        default:
            throw noOverload(arguments)
        }
    }

    private func zone(_ arguments: [Datum]) throws(EvaluationFailure.Reason) -> String {
        guard arguments.count > 1 else { return "UTC" }
        guard arguments.count == 2, case .string(let zone) = arguments[1] else { throw noOverload(arguments) }
        return zone
    }

    private func part(
        of moment: Moment,
        zone: String,
        zones: TimeZones
    ) throws(EvaluationFailure.Reason) -> Int64 {
        guard let offset = zones.offset(of: zone, at: moment), offset.magnitude < 172_800 else {
            throw .invalidArgument("unknown time zone \"\(zone.prefix(40))\"")
        }
        let (days, second) = Moment.floor(moment.seconds + Int64(offset), by: 86_400)
        switch self {
        case .getHours: return second / 3600
        case .getMinutes: return second / 60 % 60
        case .getSeconds: return second % 60
        case .getMilliseconds: return moment.nanoseconds / 1_000_000
        // 1970-01-01 was a Thursday; Sunday is 0.
        case .getDayOfWeek: return Moment.floor(days + 4, by: 7).1
        default: break
        }
        let (year, month, day) = CalendarDate(days: Int(days)).components
        switch self {
        case .getFullYear: return Int64(year)
        case .getMonth: return Int64(month - 1)
        case .getDate: return Int64(day)
        case .getDayOfMonth: return Int64(day - 1)
        default:
            // A year behind the calendar's first can only come from a zone west of UTC at its very start.
            guard let newYear = CalendarDate(year: max(1, year), month: 1, day: 1) else { throw .outOfRange }
            return days - Int64(newYear.days)
        }
    }

    private func part(of span: Span, _ arguments: [Datum]) throws(EvaluationFailure.Reason) -> Int64 {
        let seconds = span.nanoseconds / Span.perSecond
        switch self {
        case .getHours: return seconds / 3600
        case .getMinutes: return seconds / 60
        case .getSeconds: return seconds
        case .getMilliseconds: return span.nanoseconds % Span.perSecond / 1_000_000
        default: throw noOverload(arguments)
        }
    }
}
