import OffstageSchema

/// The file as a whole.
struct AppReader {
    static let version = 1
    /// What an app is called that does not say.
    static let defaultName = "Offstage"

    static let keys: [Key] = [
        Key(
            "offstage",
            "The version of the file's format: \(version).",
            .schema(["const": .number(String(version))]),
            required: String(version)
        ),
        Key("name", "What people call the app.", .anyText),
        Key("url", "The public address, http or https; optional in development.", .pattern("^https?://[^?#\\s]+$")),
        Key(
            "origins",
            "Other web origins whose pages may call the API or post forms: scheme://host or scheme://host:port.",
            .list(of: .pattern("^https?://[^/?#\\s]+$"), atLeast: 0)
        ),
        Key("collections", "What the app keeps: a collection for each kind of record.", .named("collections")),
        Key(
            "accounts",
            "Who may sign up, and what is kept of an account.",
            JSON.mapping(AccountsReader.keys).orNull
        ),
        Key("forms", "Forms that people without an account may send.", .named("forms")),
    ]

    let faults: FaultList

    /// - Parameter tree: nil for a file without any value.
    /// - Returns: nil when nothing can be made of the file; faults may have been noted either way.
    func read(_ tree: YAMLNode?) -> Catalog? {
        guard let tree, !tree.isNull else {
            faults.add(.start, "the file is empty; expected \"offstage: \(Self.version)\" and what the app keeps")
            return nil
        }
        guard case .mapping(let entries) = tree.content else {
            faults.expected("a mapping that starts with \"offstage: \(Self.version)\"", at: tree)
            return nil
        }
        guard isOfThisVersion(entries) else { return nil }
        let file = Section(entries, what: "the file", place: .start, keys: Self.keys, faults: faults)
        return catalog(file)
    }

    /// False, with nothing but the version noted, when other rules hold for the file.
    private func isOfThisVersion(_ entries: [YAMLEntry]) -> Bool {
        guard let node = entries.first(where: { $0.key == "offstage" })?.value else { return true }
        if case .scalar(.number(let json, _)) = node.content, json == String(Self.version) { return true }
        guard case .scalar(.number(_, let source)) = node.content else {
            faults.expected("the version of the file's format, \(Self.version)", at: node)
            return true
        }
        faults.add(
            node.place,
            "this program reads version \(Self.version) of the file's format, not \(Excerpt.of(source))"
        )
        return false
    }

    private func catalog(_ file: Section) -> Catalog {
        let addresses = AddressReader(faults: faults)
        let url = file["url"].flatMap { addresses.url($0) }
        let origins = file["origins"].map { addresses.origins($0) } ?? []
        let collectionEntries = entries(file["collections"], of: "collection names to collections")
        let names = AppNames(collections: collectionEntries.map(\.key) + [Collection.usersName])
        let places = ExpressionPlaces()
        let own = collections(collectionEntries, names, places)
        let (accounts, users) = AccountsReader(names: names, places: places, faults: faults).read(file)
        let collections = own + [users]
        let ownOrigin = url.map { [$0.origin] } ?? []
        let forms = FormReader(
            names: AppNames(collections: collectionEntries.map(\.key)),
            collections: Dictionary(
                collections.map { ($0.collection.name, $0) },
                uniquingKeysWith: { first, _ in first }
            ),
            thanks: ThanksReader(origins: origins.map { Set($0 + ownOrigin) }, faults: faults),
            faults: faults
        )
        let catalog = Catalog(
            name: file.line("name") ?? Self.defaultName,
            address: url,
            origins: origins ?? [],
            collections: collections.map(\.collection),
            forms: entries(file["forms"], of: "form names to forms").compactMap { forms.read($0) },
            accounts: accounts
        )
        // Without one of its collections nothing is known of what leads there.
        guard own.count == collectionEntries.count else { return catalog }
        let unread = collections.map {
            ($0.collection.name, Set($0.fields.declared).subtracting($0.fields.fields.map(\.name)))
        }
        places.check(
            catalog,
            unread: Dictionary(unread.filter { !$0.1.isEmpty }, uniquingKeysWith: { first, _ in first }),
            faults: faults
        )
        return catalog
    }

    private func collections(_ entries: [YAMLEntry], _ names: AppNames, _ places: ExpressionPlaces) -> [CollectionRead]
    {
        var renames = Renames(names.collections, rule: .collection)
        let reader = CollectionReader(names: names, places: places, faults: faults)
        return entries.compactMap { reader.read($0, renames: &renames) }
    }

    /// A mapping that may be empty or, with all of it commented out, nothing.
    private func entries(_ node: YAMLNode?, of what: String) -> [YAMLEntry] {
        guard let node, !node.isNull else { return [] }
        if case .mapping(let entries) = node.content { return entries }
        faults.expected("a mapping of \(what)", at: node)
        return []
    }
}
