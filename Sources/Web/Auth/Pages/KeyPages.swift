import OffstageAccounts
import OffstageRecords
import OffstageSchema
import OffstageTemplates

extension AuthDesk {
    /// GET /auth/keys
    func keysPage(_ keys: [Session], _ who: SignedIn) async throws(Failure) -> Reply {
        try await keysPage(keys, who, nil, nil)
    }

    /// GET /auth/keys again, with what is wrong with a new key.
    func keyPage(_ request: IncomingRequest, _ sent: Input?, _ failure: Failure?) async throws(Failure) -> Reply {
        let who = try signedIn(request)
        return try await keysPage(try await accounts.keys(of: who), who, sent, failure.map(Self.inWordsOfThePage))
    }

    private func keysPage(
        _ keys: [Session],
        _ who: SignedIn,
        _ sent: Input?,
        _ failure: Failure?
    ) async throws(Failure) -> Reply {
        let now = accounts.now()
        let items = keys.map { key in
            TemplateValue.object([
                "id": .text(key.id.description), "name": .text(key.name ?? ""),
                "scope": .list((key.scope.map(words) ?? []).map(TemplateValue.object)),
                // A key that was never used has the moment of its making there.
                "used": key.used > key.created ? MomentWords.ago(key.used, at: now) : .flag(false),
                "expires": key.expires.map(MomentWords.day) ?? .flag(false),
            ])
        }
        let name = AuthField(
            name: "name",
            label: "Name",
            autocomplete: "off",
            help: "What it is for, such as “Nightly export”.",
            attributes: [("maxlength", "100")]
        )
        let expires = AuthField(
            name: "expires",
            label: "Ends on",
            type: "date",
            help:
                "It stops working when this day begins (UTC). Leave it empty for a key that works until you delete it.",
            isRequired: false
        )
        let password = try await currentPassword(of: who)
        var data: [String: TemplateValue] = [
            "title": "API keys", "keys": .list(items), "first_fields": .list(controls([name], sent, failure)),
            "scopes": .list(boxes(sent, who)), "scope_fault": .text(Self.fault(failure, "scope") ?? ""),
            "last_fields": .list(controls([expires] + password, sent, failure)),
        ]
        var labels = labels([name, expires] + password)
        labels["scope"] = Self.scopeLabel
        data["scope_label"] = .text(Self.scopeLabel)
        data.merge(Self.marks([name, expires] + password)) { first, _ in first }
        data.merge(Self.faults(failure, labels: labels)) { first, _ in first }
        return reply("keys", data, failure)
    }

    private static let scopeLabel = "What it may do"

    /// A program names collections, a person ticks boxes.
    private static func inWordsOfThePage(_ failure: Failure) -> Failure {
        let faults = failure.faults.map { fault in
            guard fault.pointer == "/scope", fault.code == .required else { return fault }
            return Fault(fault.pointer, fault.code, "needs at least one tick")
        }
        return Failure(failure.kind, failure.detail, faults: faults, retryAfter: failure.retryAfter)
    }

    /// The boxes of each collection, ticked as they were sent.
    private func boxes(_ sent: Input?, _ who: SignedIn) -> [TemplateValue] {
        let visible = accounts.records.catalog.collections.filter { accounts.records.isVisible($0, to: who.principal) }
        let all = [(KeyScope.allCollections, "All collections")] + visible.map { ($0.name, $0.label) }
        return all.enumerated().map { index, collection in
            let verbs = Access.Verb.allCases.map { verb in
                let name = "scope.\(collection.0).\(verb.rawValue)"
                return TemplateValue.object([
                    "name": .text(name), "id": .text("_scope_\(index)_\(verb.rawValue)"),
                    "label": .text(verb.rawValue), "checked": .flag(sent?.text(name) != nil),
                ])
            }
            return .object(["label": .text(collection.1), "verbs": .list(verbs)])
        }
    }

    /// `Orders: read, create`
    private func words(_ scope: KeyScope) -> [[String: TemplateValue]] {
        let named = scope.verbs.keys.filter { $0 != KeyScope.allCollections }.sorted()
        let all = scope.verbs[KeyScope.allCollections] == nil ? [] : [KeyScope.allCollections]
        return (named + all).map { name in
            let everything = named.isEmpty ? "All collections" : "All others"
            let label = accounts.records.catalog.collection(name)?.label ?? name
            let verbs = Access.Verb.allCases.filter { scope.verbs[name]?.contains($0) ?? false }.map(\.rawValue)
            return [
                "collection": .text(name == KeyScope.allCollections ? everything : label),
                "verbs": .text(verbs.joined(separator: ", ")),
            ]
        }
    }

    /// After a key was made.
    func newKeyPage(_ made: Accounts.NewKey, _ who: SignedIn) -> Reply {
        let name = made.key.name ?? ""
        let visible = accounts.records.catalog.collections.filter { accounts.records.isVisible($0, to: who.principal) }
        let example = visible.first { made.key.scope?.allows(.read, of: $0.name) ?? false }
        let curl = example.map { collection in
            "curl '\(accounts.base())/api/\(collection.name)' \\\n  -H 'Authorization: Bearer \(made.token)'"
        }
        return pages.reply(
            200,
            "new-key",
            [
                "title": .text("The key “\(name)”"), "token": .text(made.token), "curl": .text(curl ?? ""),
                "scope": .list((made.key.scope.map(words) ?? []).map(TemplateValue.object)),
                "expires": made.key.expires.map(MomentWords.day) ?? .flag(false),
            ]
        )
    }
}
