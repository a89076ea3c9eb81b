import Glibc
import OffstageSchema
import Synchronization

/// Dates as HTTP writes them (RFC 9110, section 5.6.7): `Sun, 22 Nov 2026 16:50:00 GMT`.
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func text(_ seconds: Int) -> String {
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let rest = seconds - day * 86_400
        let (year, month, dayOfMonth) = CalendarDate(days: day).components
        let weekday = days[((day % 7) + 7) % 7]
        let time = [rest / 3600, rest / 60 % 60, rest % 60].map(twoDigits).joined(separator: ":")
        return "\(weekday), \(twoDigits(dayOfMonth)) \(months[month - 1]) \(year) \(time) GMT"
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : String(number)
    }

    private struct Cached {
        var seconds = 0
        var text = ""
    }

    private static let cached = Mutex(Cached())

    /// The present moment, written once a second.
    static func now() -> String {
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &clock)
        let seconds = clock.tv_sec
        return cached.withLock { cached in
            if cached.seconds != seconds {
                cached.seconds = seconds
                cached.text = text(seconds)
            }
            return cached.text
        }
    }
}
