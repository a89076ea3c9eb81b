/// The right name that a misspelling probably meant.
enum NearestName {
    /// Names longer than this, or more of them than that, are not compared: the time would be felt.
    private static let longest = 64
    private static let namesAtMost = 1000
    private static let listedAtMost = 24

    /// `expected one of a, b, c; did you mean "b"?`, the question only when a name is close.
    static func expected(_ names: [String], insteadOf given: String) -> String {
        let listed = names.prefix(listedAtMost).joined(separator: ", ")
        let more = names.count > listedAtMost ? " and \(names.count - listedAtMost) more" : ""
        let list = names.count == 1 ? "expected \(listed)" : "expected one of \(listed)\(more)"
        return list + question(names, given)
    }

    /// `; did you mean "b"?`, or nothing when no name is close.
    static func question(_ names: [String], _ given: String) -> String {
        of(given, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
    }

    /// The closest of the names, when at most a third of it is wrong; the first of equally close ones.
    static func of(_ given: String, among names: [String]) -> String? {
        let letters = letters(given)
        guard (1...longest).contains(letters.count), names.count <= namesAtMost else { return nil }
        var nearest: (name: String, distance: Int)?
        for name in names {
            let other = Self.letters(name)
            let allowed = min(max(1, max(letters.count, other.count) / 3), 3)
            guard other.count <= longest, abs(other.count - letters.count) <= allowed else { continue }
            let distance = distance(letters, other)
            if distance <= allowed, distance < nearest?.distance ?? .max { nearest = (name, distance) }
        }
        return nearest?.name
    }

    /// Case and the choice between `-`, `_` and space are no difference worth counting.
    private static func letters(_ name: String) -> [Unicode.Scalar] {
        guard name.utf8.count <= longest * 4 else { return [] }
        return name.lowercased().unicodeScalars.map { $0 == "-" || $0 == " " ? "_" : $0 }
    }

    /// Letters added, left out, changed or swapped with their neighbour (optimal string alignment).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for (column, other) in right.enumerated() {
                var best = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
