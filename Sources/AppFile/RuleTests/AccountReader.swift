package import OffstageSchema

/// The accounts of a file of tests: those that it names, and the given records of `users`.
struct AccountsOfTests {
    private var principals: [String: Principal] = [:]
    /// Also those that could not be read, which nobody is told are unknown as well.
    private var declared: Set<String>

    static let builtIn = ["visitor", "team"]
    /// The address that requests of tests come from (RFC 5737).
    static let address = "192.0.2.1"

    /// - Parameters:
    ///   - names: of all given records.
    ///   - records: those of them that could be read.
    init(_ node: YAMLNode?, given names: GivenReader.Names, _ records: [GivenRecord], _ reader: AccountReader) {
        declared = Set((names[Collection.usersName] ?? [:]).keys)
        for record in records where record.collection.name == Collection.usersName {
            principals[record.name] = .account(reader.account(record.input, id: record.id))
        }
        guard let node, !node.isNull else { return }
        guard case .mapping(let entries) = node.content else {
            reader.faults.expected("a mapping of names to accounts", at: node)
            return
        }
        for (number, entry) in entries.enumerated() { add(entry, number, reader) }
    }

    private mutating func add(_ entry: YAMLEntry, _ number: Int, _ reader: AccountReader) {
        guard !Self.builtIn.contains(entry.key) else {
            reader.faults.add(
                entry.place,
                "\"\(entry.key)\" is there without being declared; an account needs another name"
            )
            return
        }
        // The account is that record. Fields in two places would sooner or later be two accounts.
        guard !declared.contains(entry.key) else {
            if entry.value.isNull { return }
            if case .mapping(let fields) = entry.value.content, fields.isEmpty { return }
            reader.faults.add(
                entry.value.place,
                "\(Excerpt.quoted(entry.key)) is a given record of users, so its fields stand there"
            )
            return
        }
        declared.insert(entry.key)
        // None is the one that an account in a test itself gets.
        let id = Identifier(high: 0x0000_0000_0001_7000, low: 0x8000_0000_0000_0100 + UInt64(number))
        if let account = reader.read(entry.value, id: id) { principals[entry.key] = .account(account) }
    }

    var names: [String] { Self.builtIn + declared.sorted() }

    /// Whether there is somebody of that name, though nothing could be made of what the file says of them.
    func isDeclared(_ name: String) -> Bool { declared.contains(name) }

    func principal(_ name: String) -> Principal? {
        switch name {
        case "visitor": .visitor(address: Self.address)
        case "team": .team("test")
        default: principals[name]
        }
    }
}

/// The fields of an account: `{role: staff}`, with an `id` or without. A field that is not given has its default, as in an
/// account that somebody made.
struct AccountReader {
    /// The collection that accounts are records of.
    let users: Collection
    /// Of the given records, which a relation may name.
    let names: GivenReader.Names
    let faults: FaultList

    /// - Parameter id: what it gets when it has none.
    func read(_ node: YAMLNode, id: Identifier) -> Account? {
        if case .mapping = node.content {
            return ValuesReader(names: names, faults: faults).read(node, of: users, checksValues: true)
                .map { account($0, id: id) }
        }
        guard node.isNull else {
            faults.expected("the fields of an account, such as {role: staff}", at: node)
            return nil
        }
        return account(Input([]), id: id)
    }

    /// The account that a record of `users` is.
    func account(_ input: Input, id: Identifier) -> Account {
        var own = id
        var fields: [String: Value] = [:]
        for field in users.fields { fields[field.name] = field.initialValue }
        for (name, content) in input.members {
            if let field = users.field(name) {
                // What cannot be read is a fault by now.
                if let value = try? field.read(content) { fields[name] = value }
            } else if name == "id", case .json(.string(let text)) = content, let given = Identifier(text) {
                own = given
            }
        }
        return Account(id: own, address: AccountsOfTests.address, fields: fields)
    }
}

/// An account as it is given to a command: `{role: staff}`.
package enum AccountText {
    /// What an account without an `id` gets.
    package static let standInID = Identifier(high: 0x0000_0000_0001_7000, low: 0x8000_0000_0000_0001)

    /// - Parameters:
    ///   - text: YAML flow text.
    ///   - users: the collection that accounts are records of.
    package static func read(
        _ text: String,
        of users: Collection,
        name: String
    ) -> Result<Account, AppFileFaults> {
        let faults = FaultList()
        var account: Account?
        do throws(YAMLRefusal) {
            let tree = try YAMLTree.read(Array(text.utf8), largestBytes: AppFile.largestBytes, faults: faults)
            if let tree, !tree.isNull {
                account = AccountReader(users: users, names: [:], faults: faults).read(tree, id: standInID)
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

extension Catalog {
    /// The collection of accounts, which every app has.
    var users: Collection { collection(Collection.usersName) ?? Collection.users() }
}
