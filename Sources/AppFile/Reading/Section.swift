/// A mapping with a fixed set of keys: the file itself, a collection, a field, a form.
struct Section {
    /// What it is, with its article: "a text field".
    let what: String
    /// Where a fault of the whole belongs: the key that names it.
    let place: Place
    let faults: FaultList
    private let entries: [String: YAMLEntry]

    /// Takes the mapping and notes unknown and missing keys.
    ///
    /// - Parameter unknown: words for a key that is not in `keys`; nil says the usual.
    /// - Returns: nil when the node is no mapping, which is noted.
    init?(
        _ node: YAMLNode,
        what: String,
        place: Place,
        keys: [Key],
        faults: FaultList,
        unknown: (String) -> String? = { _ in nil }
    ) {
        guard case .mapping(let entries) = node.content else {
            faults.expected("\(what): a mapping with \(Self.inWords(keys))", at: node)
            return nil
        }
        self.init(entries, what: what, place: place, keys: keys, faults: faults, unknown: unknown)
    }

    /// The same of entries at hand, or of none where a bare word stands for the mapping.
    init(
        _ entries: [YAMLEntry],
        what: String,
        place: Place,
        keys: [Key],
        faults: FaultList,
        unknown: (String) -> String? = { _ in nil }
    ) {
        self.what = what
        self.place = place
        self.faults = faults
        self.entries = Dictionary(entries.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let names = keys.map(\.name)
        for entry in entries where !names.contains(entry.key) {
            faults.add(
                entry.place,
                unknown(entry.key)
                    ?? "unknown key \(Excerpt.quoted(entry.key)) in \(what); \(NearestName.expected(names, insteadOf: entry.key))"
            )
        }
        for key in keys where self.entries[key.name] == nil {
            guard let example = key.example else { continue }
            faults.add(place, "\(what) needs \"\(key.name)\", such as \(key.name): \(example)")
        }
    }

    subscript(key: String) -> YAMLNode? {
        entries[key]?.value
    }

    /// Where a key stands.
    func place(of key: String) -> Place? {
        entries[key]?.place
    }

    func line(_ key: String) -> String? {
        self[key].flatMap { faults.line($0) }
    }

    func boolean(_ key: String) -> Bool? {
        self[key].flatMap { faults.boolean($0) }
    }

    func whole(_ key: String, _ range: ClosedRange<Int>) -> Int? {
        self[key].flatMap { faults.whole($0, range) }
    }

    private static func inWords(_ keys: [Key]) -> String {
        let required = keys.filter(\.required).map { "\"\($0.name)\"" }
        let named = required.isEmpty ? keys.prefix(3).map { "\"\($0.name)\"" } + ["…"] : required
        return named.joined(separator: ", ")
    }
}
