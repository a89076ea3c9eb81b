import OffstageSchema
import OffstageTemplates

/// A moment as pages show it: in words, with the moment itself for machines and for who wants to know it exactly. In UTC, since a
/// page without script does not know where it is read.
enum MomentWords {
    /// `5 minutes ago`, up to a month; then the day.
    static func ago(_ moment: Timestamp, at now: Timestamp) -> TemplateValue {
        data(moment, agoWords(moment, at: now))
    }

    /// `26 November 2026`
    static func day(_ moment: Timestamp) -> TemplateValue { data(moment, dayWords(moment)) }

    static func agoWords(_ moment: Timestamp, at now: Timestamp) -> String {
        let seconds = (now.milliseconds &- moment.milliseconds) / 1000
        // A use is written down every five minutes: to claim more would be made up.
        switch seconds {
        case ..<300: return "in the last five minutes"
        case ..<3600: return "\(seconds / 60) minutes ago"
        case ..<7200: return "an hour ago"
        case ..<86_400: return "\(seconds / 3600) hours ago"
        case ..<172_800: return "a day ago"
        case ..<2_592_000: return "\(seconds / 86_400) days ago"
        default: return "on \(dayWords(moment))"
        }
    }

    static func dayWords(_ moment: Timestamp) -> String {
        let parts = moment.description.prefix(10).split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, months.indices.contains(parts[1] - 1) else { return moment.description }
        return "\(parts[2]) \(months[parts[1] - 1]) \(parts[0])"
    }

    private static func data(_ moment: Timestamp, _ words: String) -> TemplateValue {
        let text = moment.description
        let clock = text.dropFirst(11).prefix(5)
        return .object([
            "machine": .text(text), "exact": .text("\(dayWords(moment)), \(clock) UTC"), "words": .text(words),
        ])
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
