package import OffstageSchema

/// The file as a whole: `given`, `accounts`, `now` and `tests`.
struct RuleTestFileReader {
    static let keys: [Key] = [
        Key("now", "What the time is in the rules; it stands still.", .anyText),
        Key("given", "The records that are there: collections, names of your own, values.", .anyText),
        Key("accounts", "Who asks: names of your own, fields.", .anyText),
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
        let accounts = AccountsOfTests(file["accounts"], faults: faults)
        let given = GivenReader(catalog: catalog, faults: faults)
        let records = given.read(file["given"])
        let tests = file["tests"].flatMap { faults.list($0, of: "tests") } ?? []
        if let node = file["tests"], case .sequence(let list) = node.content, list.isEmpty {
            faults.add(node.place, "expected at least one test")
        }
        let reader = RuleTestReader(catalog: catalog, accounts: accounts, names: given.names(records), faults: faults)
        return RuleTestFile(
            fileName: fileName,
            now: file["now"].flatMap { moment($0) },
            records: given.ordered(records),
            tests: tests.compactMap { reader.read($0) }
        )
    }

    private func moment(_ node: YAMLNode) -> Timestamp? {
        let field = Field("now", .datetime(DateTimeKind()))
        if let json = faults.json(node), case .datetime(let moment)? = try? field.read(json) { return moment }
        faults.expected("a moment", at: node, hint: "; write it as 2026-11-22T16:50:00Z")
        return nil
    }
}

/// The accounts of a file of tests. They have no collection yet, so their fields are free.
struct AccountsOfTests {
    private(set) var principals: [String: Principal] = [:]

    static let builtIn = ["visitor", "team"]
    /// The address that requests of tests come from (RFC 5737).
    static let address = "192.0.2.1"

    init(_ node: YAMLNode?, faults: FaultList) {
        guard let node, !node.isNull else { return }
        guard case .mapping(let entries) = node.content else {
            faults.expected("a mapping of names to accounts", at: node)
            return
        }
        for (number, entry) in entries.enumerated() {
            guard !Self.builtIn.contains(entry.key) else {
                faults.add(
                    entry.place,
                    "\"\(entry.key)\" is there without being declared; an account needs another name"
                )
                continue
            }
            // None is the one that an account in a test itself gets.
            let id = Identifier(high: 0x0000_0000_0001_7000, low: 0x8000_0000_0000_0100 + UInt64(number))
            if let account = AccountReader(faults: faults).read(entry.value, id: id) {
                principals[entry.key] = .account(account)
            }
        }
    }

    var names: [String] { Self.builtIn + principals.keys.sorted() }

    func principal(_ name: String) -> Principal? {
        switch name {
        case "visitor": .visitor(address: Self.address)
        case "team": .team("test")
        default: principals[name]
        }
    }
}

/// The fields of an account: `{role: staff}`, with an `id` or without.
struct AccountReader {
    let faults: FaultList

    /// - Parameter id: what it gets when it has none.
    func read(_ node: YAMLNode, id: Identifier) -> Account? {
        guard !node.isNull else { return Account(id: id, address: AccountsOfTests.address) }
        guard case .mapping(let entries) = node.content else {
            faults.expected("the fields of an account, such as {role: staff}", at: node)
            return nil
        }
        var own = id
        var fields: [String: Value] = [:]
        for entry in entries {
            if entry.key == "id" {
                if let given = entry.value.text.flatMap({ Identifier($0) }) {
                    own = given
                } else {
                    faults.expected("a UUID", at: entry.value)
                }
                continue
            }
            if let json = faults.json(entry.value) { fields[entry.key] = Value(account: json) }
        }
        return Account(id: own, address: AccountsOfTests.address, fields: fields)
    }
}

extension Value {
    /// A value of an account whose fields nothing declares.
    fileprivate init(account json: JSON) {
        switch json {
        case .null: self = .null
        case .boolean(let boolean): self = .boolean(boolean)
        case .string(let text): self = .text(NormalizedText.nfc(text))
        case .number(let text):
            if let integer = Int64(text) { self = .integer(integer) } else { self = .number(Double(text) ?? 0) }
        case .array, .object: self = .json(json)
        }
    }
}

/// An account as it is given to a command: `{role: staff}`.
package enum AccountText {
    /// What an account without an `id` gets.
    package static let standInID = Identifier(high: 0x0000_0000_0001_7000, low: 0x8000_0000_0000_0001)

    /// - Parameter text: YAML flow text.
    package static func read(_ text: String, name: String) -> Result<Account, AppFileFaults> {
        let faults = FaultList()
        var account: Account?
        do throws(YAMLRefusal) {
            let tree = try YAMLTree.read(Array(text.utf8), largestBytes: AppFile.largestBytes, faults: faults)
            if let tree, !tree.isNull {
                account = AccountReader(faults: faults).read(tree, id: standInID)
            } else {
                faults.add(.start, "expected the fields of an account, such as {role: staff}")
            }
        } catch {
            faults.add(error.place, error.reason)
        }
        let found = faults.sorted(fileName: name)
        if found.isEmpty, let account { return .success(account) }
        return .failure(AppFileFaults(found))
    }
}
