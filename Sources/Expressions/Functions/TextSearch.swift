/// Texts as code points: the unit that CEL counts in.
enum CodePoints {
    /// Index of the first occurrence at or behind `start`; nil when there is none.
    static func first<T: Equatable>(_ needle: [T], in text: [T], from start: Int = 0) -> Int? {
        guard needle.count <= text.count else { return nil }
        var place = start
        while place <= text.count - needle.count {
            if matches(needle, in: text, at: place) { return place }
            place += 1
        }
        return nil
    }

    /// Index of the last occurrence at or before `start`.
    static func last<T: Equatable>(_ needle: [T], in text: [T], from start: Int) -> Int? {
        guard needle.count <= text.count else { return nil }
        var place = min(start, text.count - needle.count)
        while place >= 0 {
            if matches(needle, in: text, at: place) { return place }
            place -= 1
        }
        return nil
    }

    private static func matches<T: Equatable>(_ needle: [T], in text: [T], at place: Int) -> Bool {
        for offset in needle.indices where text[place + offset] != needle[offset] { return false }
        return true
    }

    static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// Cuts a text at every occurrence of a separator, into `limit` pieces at most; an empty separator cuts between all
    /// code points.
    static func split(_ text: [Unicode.Scalar], by separator: [Unicode.Scalar], limit: Int) -> [[Unicode.Scalar]] {
        if limit == 0 { return [] }
        var pieces: [[Unicode.Scalar]] = []
        var start = 0
        if separator.isEmpty {
            while start < text.count, limit < 0 || pieces.count < limit - 1 {
                pieces.append([text[start]])
                start += 1
            }
            if start < text.count { pieces.append(Array(text[start...])) }
            return pieces
        }
        while limit < 0 || pieces.count < limit - 1, let found = first(separator, in: text, from: start) {
            pieces.append(Array(text[start..<found]))
            start = found + separator.count
        }
        pieces.append(Array(text[start...]))
        return pieces
    }

    /// Replaces the first `limit` occurrences, or all when it is negative.
    static func replace(
        _ text: [Unicode.Scalar],
        _ needle: [Unicode.Scalar],
        by replacement: [Unicode.Scalar],
        limit: Int
    ) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var start = 0
        var left = limit < 0 ? Int.max : limit
        if needle.isEmpty {
            // Before every code point and at the end, as other implementations do.
            for scalar in text {
                if left > 0 { result += replacement; left -= 1 }
                result.append(scalar)
            }
            return left > 0 ? result + replacement : result
        }
        while left > 0, let found = first(needle, in: text, from: start) {
            result += text[start..<found]
            result += replacement
            start = found + needle.count
            left -= 1
        }
        return result + text[start...]
    }
}
