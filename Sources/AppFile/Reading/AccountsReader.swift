import OffstageSchema

/// `accounts`: who may sign up, and what is kept of an account beside what all accounts have.
struct AccountsReader {
    static let signUp = AccountSettings.SignUp.allCases.map(\.rawValue)
    static let keys: [Key] = [
        Key("sign_up", "Who may make an account: open, invite or closed (the default).", .words(signUp)),
        Key(
            "fields",
            "More fields of the built-in collection users.",
            .schema(["anyOf": .array([.named("fields"), .schema(["type": .string("null")])])])
        ),
        Key("providers", "Whom people may sign in with, by OpenID Connect.", ProvidersReader.shape),
        Key(
            "access",
            "Who may read and update accounts; the person and the owners unless given.",
            JSON.mapping(accessKeys).orNull
        ),
    ]

    private static let accessKeys = AccessReader.keys.filter { verbs.map(\.rawValue).contains($0.name) }
    /// Accounts are made by signing up and deleted by the person or the team.
    private static let verbs: [Access.Verb] = [.read, .update]

    let names: AppNames
    let places: ExpressionPlaces
    let faults: FaultList

    /// - Returns: the collection of accounts, there whether the file says something of accounts or not.
    func read(_ file: Section) -> (settings: AccountSettings, users: CollectionRead) {
        var settings = AccountSettings()
        guard let node = file["accounts"], let place = file.place(of: "accounts"), !node.isNull,
            let section = Section(node, what: "the accounts", place: place, keys: Self.keys, faults: faults)
        else { return (settings, users(FieldsRead(declared: [], fields: []), Collection.userAccess)) }
        if let word = section["sign_up"].flatMap({ faults.word($0, Self.signUp) }) {
            settings.signUp = AccountSettings.SignUp(rawValue: word) ?? .closed
        }
        if let node = section["providers"] { settings.providers = ProvidersReader(faults: faults).read(node) }
        let owner = Collection.usersName
        // With all of them commented out, the key has the value null.
        let given = section["fields"].flatMap { $0.isNull ? nil : $0 }
        let fields = FieldsReader(names: names, owner: owner, places: places, faults: faults).read(given)
        refuseBuiltIn(section["fields"])
        return (settings, users(fields, access(section)))
    }

    private func access(_ section: Section) -> Access {
        guard let node = section["access"], let place = section.place(of: "access") else {
            return Collection.userAccess
        }
        let given = AccessReader(collection: Collection.usersName, places: places, faults: faults)
            .read(node, place: place, verbs: Self.verbs)
        guard case .mapping(let entries) = node.content else { return Collection.userAccess }
        var access = Collection.userAccess
        for verb in Self.verbs where entries.contains(where: { $0.key == verb.rawValue }) {
            if verb == .read { access.read = given.read } else { access.update = given.update }
        }
        return access
    }

    private func users(_ own: FieldsRead, _ access: Access) -> CollectionRead {
        let builtIn = Collection.userFields.map(\.name)
        let added = own.fields.filter { !builtIn.contains($0.name) }
        let fields = FieldsRead(declared: builtIn + own.declared, fields: Collection.userFields + added)
        return CollectionRead(collection: .users(adding: added, access: access), fields: fields)
    }

    private func refuseBuiltIn(_ node: YAMLNode?) {
        guard let node, case .mapping(let entries) = node.content else { return }
        for entry in entries where Collection.userFields.contains(where: { $0.name == entry.key }) {
            faults.add(entry.place, "every account has \"\(entry.key)\" already; another field needs another name")
        }
    }
}
