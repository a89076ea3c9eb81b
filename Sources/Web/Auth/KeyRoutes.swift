import HTTPTypes
import OffstageAccounts
import OffstageRecords
import OffstageSchema

extension AuthDesk {
    /// /auth/keys: API keys.
    func keys(_ path: [String], _ request: IncomingRequest) async throws(Failure) -> Reply {
        switch (path.count, request.method) {
        case (0, .get), (0, .head):
            try request.query.allow([])
            let who = try signedIn(request)
            let keys = try await accounts.keys(of: who)
            if isPage(request) { return try await keysPage(keys, who) }
            return Reply(.ok, .json, Self.list(keys.map(Self.json)))
        case (0, .post): return try await form(.key, request, makeKey)
        // A page's form has no other method than POST.
        case (1, .delete), (1, .post):
            return try await acting(request) { () throws(Failure) in
                try await accounts.deleteKey(try identifier(path[0]), of: try signedIn(request))
                return .done(.leads(to: "/auth/keys"))
            }
        case (0, _): return Problem.methodNotAllowed([.get, .head, .post], request)
        case (1, _): return Problem.methodNotAllowed([.post, .delete], request)
        default: throw .notFound
        }
    }

    private func makeKey(_ input: inout AuthInput, _ request: IncomingRequest) async throws(Failure) -> AuthAnswer {
        let who = try signedIn(request)
        let name = input.text("name")
        let scope = Self.scope(&input, isPage: isPage(request), catalog: accounts.records.catalog)
        let expires = Self.moment(&input)
        let password = input.optional("password")
        try input.finish()
        let made = try await accounts.makeKey(
            name: name,
            scope: scope,
            expires: expires,
            password: password,
            of: who,
            from: visit(request)
        )
        var members: [JSON.Member] = [.init("token", .string(made.token))]
        if case .object(let others) = Self.json(made.key) { members += others }
        return AuthAnswer(
            status: .created,
            json: Self.bytes(.object(members)),
            page: .shows(newKeyPage(made, who))
        )
    }

    /// `{"orders": ["read", "create"]}`, or from a page a box `scope.orders.read` for each verb.
    private static func scope(_ input: inout AuthInput, isPage: Bool, catalog: Catalog) -> KeyScope {
        var verbs: [String: Set<Access.Verb>] = [:]
        if isPage {
            for name in [KeyScope.allCollections] + catalog.collections.map(\.name) {
                for verb in Access.Verb.allCases where input.optional("scope.\(name).\(verb.rawValue)") != nil {
                    verbs[name, default: []].insert(verb)
                }
            }
            // The boxes of all collections mean all, those with boxes of their own too.
            let everywhere = verbs[KeyScope.allCollections] ?? []
            return KeyScope(verbs.mapValues { $0.union(everywhere) })
        }
        guard case .object(let members)? = input.json("scope") else {
            let example = "{\"orders\": [\"read\", \"create\"]}"
            input.add(Fault("/scope", .required, "must be an object of collections and verbs, such as \(example)"))
            return KeyScope([:])
        }
        for member in members {
            let known = Access.Verb.allCases.map(\.rawValue).joined(separator: ", ")
            guard case .array(let words) = member.value else {
                input.add(
                    Fault("", .type, "must be a list of \(known)").under(String(member.name.prefix(64))).under("scope")
                )
                continue
            }
            for word in words {
                guard case .string(let text) = word, let verb = Access.Verb(rawValue: text) else {
                    input.add(
                        Fault("", .type, "must be a list of \(known)").under(String(member.name.prefix(64))).under(
                            "scope"
                        )
                    )
                    continue
                }
                verbs[member.name, default: []].insert(verb)
            }
        }
        return KeyScope(verbs)
    }

    /// A moment, or from a page a day.
    private static func moment(_ input: inout AuthInput) -> Timestamp? {
        guard let text = input.optional("expires") else { return nil }
        let full = text.utf8.count == 10 ? text + "T00:00:00Z" : text
        guard let moment = try? Timestamp(full) else {
            input.add(Fault("/expires", .type, "must be a moment, such as 2027-01-31T12:00:00Z, or a day"))
            return nil
        }
        return moment
    }

    private static func json(_ key: Session) -> JSON {
        .object([
            .init("id", .string(key.id.description)), .init("name", .string(key.name ?? "")),
            .init("scope", key.scope?.json ?? .null), .init("created", .string(key.created.description)),
            .init("used", key.used > key.created ? .string(key.used.description) : .null),
            .init("expires", key.expires.map { .string($0.description) } ?? .null),
        ])
    }
}
