/// Finds what was probably meant by a misspelled name.
enum NearestName {
    /// The candidate with the fewest changed letters, when they are few for the length of the name.
    static func to(_ name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = Array(name.utf8)
        guard wanted.count <= 64 else { return nil }
        let allowed = max(1, min(3, wanted.count / 3))
        var best: (name: String, distance: Int)?
        for candidate in candidates where candidate != name {
            let other = Array(candidate.utf8)
            guard abs(other.count - wanted.count) <= allowed else { continue }
            let distance = distance(wanted, other)
            guard distance <= allowed else { continue }
            if let best, (best.distance, best.name) <= (distance, candidate) { continue }
            best = (candidate, distance)
        }
        return best?.name
    }

    /// Insertions, deletions, replacements and swaps of neighbours between two names.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [Int](repeating: row + 1, count: right.count + 1)
            for column in 0..<right.count {
                let cost = left[row] == right[column] ? 0 : 1
                current[column + 1] = min(current[column] + 1, last[column + 1] + 1, last[column] + cost)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    current[column + 1] = min(current[column + 1], beforeLast[column - 1] + 1)
                }
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
