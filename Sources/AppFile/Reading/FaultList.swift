/// The faults found so far. Reading goes on after each, so that one run shows them all.
final class FaultList {
    /// Faults kept; of a file that has more, the rest is only counted.
    static let keptAtMost = 1000

    private struct Found: Hashable {
        let place: Place
        let message: String
    }

    private var found: Set<Found> = []
    private var notKept = 0

    /// - Parameter message: made only when it is kept: nearest names take time.
    func add(_ place: Place, _ message: @autoclosure () -> String) {
        guard found.count < Self.keptAtMost else {
            notKept += 1
            return
        }
        // An alias repeats a value at one place, and what is wrong with it.
        found.insert(Found(place: place, message: message()))
    }

    /// In the order of the file.
    func sorted(fileName: String) -> [AppFileFault] {
        var faults = found.sorted { left, right in
            left.place == right.place ? left.message < right.message : left.place < right.place
        }
        if notKept > 0, let last = faults.last {
            faults.append(Found(place: last.place, message: "there are \(notKept) more faults, not shown"))
        }
        return faults.map { AppFileFault(fileName: fileName, place: $0.place, message: $0.message) }
    }
}
