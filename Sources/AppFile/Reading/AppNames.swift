/// The names of all collections, known before the first is read, so that a relation may point forwards.
struct AppNames: Sendable {
    /// In the order of the file.
    let collections: [String]
    private let known: Set<String>

    init(collections: [String]) {
        self.collections = collections
        known = Set(collections)
    }

    /// Notes a name that is no collection's.
    func check(collection: String, at place: Place, faults: FaultList) -> Bool {
        if known.contains(collection) { return true }
        if collections.isEmpty {
            faults.add(place, "unknown collection \(Excerpt.quoted(collection)); the file has none")
        } else {
            faults.add(
                place,
                "unknown collection \(Excerpt.quoted(collection)); "
                    + NearestName.expected(collections, insteadOf: collection)
            )
        }
        return false
    }
}
