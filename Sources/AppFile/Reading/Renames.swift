/// `was: old_name` of the collections of the file, or of the fields of one collection: each old name goes to one.
struct Renames {
    private let rule: NameRule
    private let names: Set<String>
    private var taken: Set<String> = []

    /// - Parameter names: those in the file now.
    init(_ names: some Sequence<String>, rule: NameRule) {
        self.names = Set(names)
        self.rule = rule
    }

    mutating func read(_ section: Section, name: String) -> String? {
        guard let node = section["was"],
            let was = section.faults.text(node, expected: "the name that it had before")
        else { return nil }
        if was == name {
            section.faults.add(node.place, "\"was\" is the name that it has now; leave it out")
        } else if let refusal = rule.refusal(was) {
            section.faults.add(node.place, refusal)
        } else if names.contains(was) {
            section.faults.add(node.place, "\"\(was)\" is in the file too, so it cannot be what \"\(name)\" was")
        } else if !taken.insert(was).inserted {
            section.faults.add(node.place, "\"\(was)\" cannot have become two; another \"was\" above names it already")
        } else {
            return was
        }
        return nil
    }
}
