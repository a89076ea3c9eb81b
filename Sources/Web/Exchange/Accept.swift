import HTTPTypes

/// What a client wants to read (RFC 9110, section 12.5.1).
struct Accept {
    private struct Range {
        let type: Substring
        let subtype: Substring
        let quality: Double
    }

    private let ranges: [Range]

    init(_ headers: HTTPFields) {
        guard let text = headers[.accept] else {
            ranges = []
            return
        }
        ranges = text.split(separator: ",").prefix(50).compactMap { part in
            let pieces = part.split(separator: ";")
            guard let name = pieces.first.map(Self.trimmed), let slash = name.firstIndex(of: "/") else { return nil }
            var quality = 1.0
            for parameter in pieces.dropFirst().map(Self.trimmed) where parameter.hasPrefix("q=") {
                quality = Double(parameter.dropFirst(2)).map { min(max($0, 0), 1) } ?? 1
            }
            return Range(type: name[..<slash], subtype: name[name.index(after: slash)...], quality: quality)
        }
    }

    /// The offer that the client likes best, the earlier one where it likes two alike; nil when it takes none.
    func best(of offers: [String]) -> String? {
        guard !ranges.isEmpty else { return offers.first }
        var best: (offer: String, quality: Double)?
        for offer in offers {
            let quality = quality(of: offer)
            if quality > 0, quality > best?.quality ?? 0 { best = (offer, quality) }
        }
        return best?.offer
    }

    /// By the most specific range that names it.
    private func quality(of offer: String) -> Double {
        let parts = offer.split(separator: "/")
        guard parts.count == 2 else { return 0 }
        var best = (specificity: -1, quality: 0.0)
        for range in ranges {
            let specificity: Int
            if range.type == parts[0], range.subtype == parts[1] {
                specificity = 2
            } else if range.type == parts[0], range.subtype == "*" {
                specificity = 1
            } else if range.type == "*", range.subtype == "*" {
                specificity = 0
            } else {
                continue
            }
            if specificity > best.specificity { best = (specificity, range.quality) }
        }
        return best.quality
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
