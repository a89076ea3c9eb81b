/// Which language a mail is written in.
package enum MailLanguage {
    package static let usual = "en"
    /// Those of the program's own templates.
    package static let own = ["de", "en"]

    private struct Range {
        let tag: String
        let quality: Double
    }

    /// The best of the languages there are for somebody whose browser sent this header; English when none fits.
    ///
    /// - Parameter acceptLanguage: `de-AT, de;q=0.9, en;q=0.5` (RFC 9110, section 12.5.4; lookup of RFC 4647, section 3.4).
    package static func best(_ acceptLanguage: String?, among languages: [String] = own) -> String {
        let parts = (acceptLanguage ?? "").split(separator: ",").prefix(32)
        let ranges = parts.compactMap(range).filter { $0.quality > 0 }
        // The order counts among those of the same quality; Swift's sort keeps it.
        for range in ranges.sorted(by: { $0.quality > $1.quality }) {
            if range.tag == "*" { return usual }
            var subtags = range.tag.split(separator: "-")
            while !subtags.isEmpty {
                let tag = subtags.joined(separator: "-")
                if languages.contains(tag) { return tag }
                subtags.removeLast()
                // A single letter or digit begins an extension, and means nothing at the end.
                if let last = subtags.last, last.count == 1 { subtags.removeLast() }
            }
        }
        return usual
    }

    private static func range(_ text: Substring) -> Range? {
        let pieces = text.filter { $0 != " " && $0 != "\t" }.lowercased().split(separator: ";")
        guard let tag = pieces.first else { return nil }
        var quality = 1.0
        for piece in pieces.dropFirst() where piece.hasPrefix("q=") {
            guard let number = Double(piece.dropFirst(2)), (0...1).contains(number) else { return nil }
            quality = number
        }
        return Range(tag: String(tag), quality: quality)
    }

    /// How long a link holds, as the templates' `validity`: `30 minutes`, `1 hour`, `2 days`.
    package static func validity(minutes: Int, language: String) -> String {
        let isGerman = language == "de"
        let (count, one, many): (Int, String, String) =
            if minutes >= 2880, minutes % 1440 == 0 {
                (minutes / 1440, isGerman ? "einen Tag" : "1 day", isGerman ? "Tage" : "days")
            } else if minutes >= 60, minutes % 60 == 0 {
                (minutes / 60, isGerman ? "eine Stunde" : "1 hour", isGerman ? "Stunden" : "hours")
            } else {
                (minutes, isGerman ? "eine Minute" : "1 minute", isGerman ? "Minuten" : "minutes")
            }
        return count == 1 ? one : "\(count) \(many)"
    }
}
