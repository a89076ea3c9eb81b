package import OffstageSchema

/// One test: who asks for what, and what should come of it.
struct RuleTestReader {
    static let verbs = ["list", "read", "create", "update", "delete"]
    static let expectations = ["shows", "hides", "allowed", "denied", "invalid", "conflict"]
    static let keys: [Key] =
        [
            Key("name", "What the test says.", .anyText),
            Key("as", "Who asks: visitor, team, the name of an account, or the fields of one.", .anyText),
        ] + (verbs + ["values", "filter", "sort"] + expectations).map { Key($0, "", .anyText) }

    let catalog: Catalog
    let accounts: AccountsOfTests
    let reader: AccountReader
    let names: GivenReader.Names
    let faults: FaultList

    func read(_ node: YAMLNode) -> RuleTest? {
        guard let test = Section(node, what: "a test", place: node.place, keys: Self.keys, faults: faults) else {
            return nil
        }
        let (principal, who) = principal(test["as"])
        let verb = one(of: Self.verbs, in: test, needs: "what is asked for, such as list: products")
        let found = verb.flatMap { request($0, test) }
        let collection = found?.request.collection ?? collection(of: test)
        // What else stands there is read even so, for all faults to be told at once.
        let expected = expectation(verb, collection, test)
        if found == nil, let collection { _ = values(test, collection) }
        if let verb { refuseStray(verb, test) }
        guard let principal, let verb, let (request, what) = found, let expected else { return nil }
        return RuleTest(
            name: test.line("name") ?? "\(who): \(verb) \(what)",
            place: node.place,
            principal: principal,
            request: request,
            expected: expected
        )
    }

    // MARK: Who

    private func principal(_ node: YAMLNode?) -> (Principal?, String) {
        guard let node else { return (accounts.principal("visitor"), "visitor") }
        if case .mapping = node.content {
            let account = reader.read(node, id: AccountText.standInID)
            return (account.map { .account($0) }, "account")
        }
        guard let name = faults.text(node, expected: "visitor, team, the name of an account, or its fields") else {
            return (nil, "")
        }
        if let principal = accounts.principal(name) { return (principal, name) }
        guard !accounts.isDeclared(name) else { return (nil, name) }
        faults.add(
            node.place,
            "unknown account \(Excerpt.quoted(name)); \(NearestName.expected(accounts.names, insteadOf: name))"
        )
        return (nil, name)
    }

    // MARK: What

    /// The one key of several that stands in the test.
    private func one(of keys: [String], in test: Section, needs: String) -> String? {
        let given = keys.filter { test[$0] != nil }
        guard given.count <= 1 else {
            let place = given.compactMap { test.place(of: $0) }.max() ?? test.place
            faults.add(
                place,
                "a test has one of \(keys.joined(separator: ", ")), not \(given.joined(separator: " and "))"
            )
            return nil
        }
        if let key = given.first { return key }
        faults.add(test.place, "a test needs \(needs)")
        return nil
    }

    private func request(_ verb: String, _ test: Section) -> (request: RuleTest.Request, what: String)? {
        guard let node = test[verb] else { return nil }
        switch verb {
        case "list", "create":
            guard let name = faults.text(node, expected: "a collection"), let collection = collection(name, at: node)
            else { return nil }
            guard verb == "create" else {
                return (.list(collection, filter: test.line("filter"), sort: test.line("sort")), name)
            }
            return values(test, collection).map { (.create(collection, $0), name) }
        default:
            guard let (collection, id, what) = record(node) else { return nil }
            switch verb {
            case "read": return (.read(collection, id), what)
            case "delete": return (.delete(collection, id), what)
            default: return values(test, collection).map { (.update(collection, id, $0), what) }
            }
        }
    }

    private func collection(of test: Section) -> Collection? {
        Self.verbs.compactMap { test[$0]?.text }.first.flatMap { text in
            catalog.collection(String(text.prefix { $0 != "/" }))
        }
    }

    private func collection(_ name: String, at node: YAMLNode) -> Collection? {
        if let collection = catalog.collection(name) { return collection }
        let hint = name.contains("/") ? "expected a collection, not one of its records" : nil
        faults.add(node.place, hint ?? GivenReader.unknownCollection(name, catalog))
        return nil
    }

    /// `products/tea`
    private func record(_ node: YAMLNode) -> (Collection, Identifier, String)? {
        let expected = "a record, such as products/tea"
        guard let text = faults.text(node, expected: expected) else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            faults.expected(expected, at: node)
            return nil
        }
        guard let collection = collection(parts[0], at: node) else { return nil }
        if let id = names[collection.name]?[parts[1]] ?? Identifier(parts[1]) { return (collection, id, text) }
        faults.add(node.place, ValuesReader.unknownRecord(parts[1], of: collection.name, names))
        return nil
    }

    private func values(_ test: Section, _ collection: Collection) -> Input? {
        guard let node = test["values"] else { return Input([]) }
        return ValuesReader(names: names, faults: faults).read(node, of: collection, checksValues: false)
    }

    /// Keys that mean nothing with the verb.
    private func refuseStray(_ verb: String, _ test: Section) {
        let allowed: [String: [String]] = [
            "values": ["create", "update"], "filter": ["list"], "sort": ["list"], "shows": ["list"], "hides": ["read"],
        ]
        for (key, verbs) in allowed where !verbs.contains(verb) {
            guard let place = test.place(of: key) else { continue }
            faults.add(place, "\"\(key)\" goes with \(verbs.joined(separator: " and ")), not with \(verb)")
        }
    }

    // MARK: What should come of it

    /// - Parameter collection: what the test is about; without one, what names its records or fields is not checked.
    private func expectation(_ verb: String?, _ collection: Collection?, _ test: Section) -> RuleTest.Expectation? {
        let such = verb == "list" ? "shows: [] or denied: true" : "allowed: true or denied: true"
        let needs = "what should come of it, such as \(such)"
        guard let key = one(of: Self.expectations, in: test, needs: needs), let node = test[key] else { return nil }
        switch key {
        case "shows": return collection.flatMap { shows(node, $0) }
        case "hides": return collection.flatMap { fields(node, $0) }.map { .hides($0) }
        case "invalid":
            if case .sequence = node.content { return collection.flatMap { fields(node, $0) }.map { .invalid($0) } }
            return isTrue(node, key) ? .invalid([]) : nil
        default:
            guard isTrue(node, key) else { return nil }
            return key == "allowed" ? .allowed : key == "denied" ? .denied : .conflict
        }
    }

    private func isTrue(_ node: YAMLNode, _ key: String) -> Bool {
        if case .scalar(.boolean(true)) = node.content { return true }
        let hint =
            switch (key, node.content) {
            case ("allowed", .scalar(.boolean(false))): "; write denied: true"
            case ("denied", .scalar(.boolean(false))): "; write allowed: true"
            default: FaultList.booleanHint(node)
            }
        faults.expected(key == "invalid" ? "true or a list of fields" : "true", at: node, hint: hint)
        return false
    }

    private func shows(_ node: YAMLNode, _ collection: Collection) -> RuleTest.Expectation? {
        guard let list = faults.list(node, of: "names of given records") else { return nil }
        let found = list.compactMap { element -> String? in
            guard let name = faults.text(element, expected: "the name of a given record") else { return nil }
            if names[collection.name]?[name] != nil { return name }
            faults.add(element.place, ValuesReader.unknownRecord(name, of: collection.name, names))
            return nil
        }
        return found.count == list.count ? .shows(found) : nil
    }

    private func fields(_ node: YAMLNode, _ collection: Collection) -> [String]? {
        guard let list = faults.list(node, of: "fields") else { return nil }
        let found = list.compactMap { element -> String? in
            guard let name = faults.text(element, expected: "a field") else { return nil }
            if collection.field(name) != nil { return name }
            faults.add(
                element.place,
                "unknown field \(Excerpt.quoted(name)) of \(collection.name); "
                    + NearestName.expected(collection.fields.map(\.name), insteadOf: name)
            )
            return nil
        }
        return found.count == list.count ? found : nil
    }
}

extension RuleTest.Request {
    /// What the request is about.
    package var collection: Collection {
        switch self {
        case .list(let collection, _, _), .read(let collection, _), .create(let collection, _),
            .update(let collection, _, _), .delete(let collection, _):
            collection
        }
    }
}
