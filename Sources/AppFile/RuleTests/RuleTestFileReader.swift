package import OffstageSchema

/// The file as a whole: `given`, `accounts`, `now` and `tests`.
struct RuleTestFileReader {
    static let keys: [Key] = [
        Key("now", "What the time is in the rules; it stands still.", .anyText),
        Key("given", "The records that are there: collections, names of your own, values.", .anyText),
        Key("accounts", "Who asks, beside the given records of users: names of your own, fields.", .anyText),
        Key("tests", "Requests, each with what should come of it.", .anyText, required: "[…]"),
    ]

    let catalog: Catalog
    let faults: FaultList

    func read(_ tree: YAMLNode?, fileName: String) -> RuleTestFile? {
        guard let tree, !tree.isNull else {
            faults.add(.start, "the file is empty; expected \"given\" and \"tests\"")
            return nil
        }
        guard
            let file = Section(tree, what: "a file of tests", place: .start, keys: Self.keys, faults: faults)
        else { return nil }
        let given = GivenReader(catalog: catalog, faults: faults)
        let declared = given.read(file["given"])
        let names = given.names(declared)
        let records = given.ordered(declared)
        let reader = AccountReader(users: catalog.users, names: names, faults: faults)
        let accounts = AccountsOfTests(file["accounts"], given: names, records, reader)
        let list = file["tests"].flatMap { faults.list($0, of: "tests") } ?? []
        if let node = file["tests"], case .sequence(let list) = node.content, list.isEmpty {
            faults.add(node.place, "expected at least one test")
        }
        let tests = list.compactMap {
            RuleTestReader(catalog: catalog, accounts: accounts, reader: reader, names: names, faults: faults).read($0)
        }
        return RuleTestFile(
            fileName: fileName,
            now: file["now"].flatMap { moment($0) },
            records: records,
            tests: tests
        )
    }

    private func moment(_ node: YAMLNode) -> Timestamp? {
        let field = Field("now", .datetime(DateTimeKind()))
        if let json = faults.json(node), case .datetime(let moment)? = try? field.read(json) { return moment }
        faults.expected("a moment", at: node, hint: "; write it as 2026-11-22T16:50:00Z")
        return nil
    }
}
