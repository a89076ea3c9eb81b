/// Who asks. Never optional: there is no request without one, and none is more than it says.
package enum Principal: Hashable, Sendable {
    /// Somebody without an account, by network address.
    case visitor(address: String)
    /// Somebody who signed in.
    case account(Account)
    /// A member of the team, by the name that the journal keeps.
    case team(String)
    /// Offstage itself, by what it is about: a sign-up that was answered, say.
    case system(String)

    /// The team and Offstage itself act beside the rules; everything they do is in the journal too.
    package var isTeam: Bool {
        switch self {
        case .team, .system: true
        case .visitor, .account: false
        }
    }

    /// What the journal keeps as the actor. A visitor's address is personal data and is not kept.
    package var actor: String {
        switch self {
        case .visitor: "visitor"
        case .account(let account): "account:\(account.id)"
        case .team(let name): "team:\(name)"
        case .system(let name): "system:\(name)"
        }
    }
}

/// An account as rules see it: `user` in an expression.
package struct Account: Hashable, Sendable {
    package let id: Identifier
    /// The network address of the request.
    package let address: String
    /// Its fields by name, without the id.
    package let fields: [String: Value]
    /// When a second factor was last shown in this session; nil when none was.
    package let factorAt: Timestamp?
    /// What an API key may do of what the account may; nil for a session, which may do all of it.
    package let scope: KeyScope?

    package init(
        id: Identifier,
        address: String,
        fields: [String: Value] = [:],
        factorAt: Timestamp? = nil,
        scope: KeyScope? = nil
    ) {
        self.id = id
        self.address = address
        self.fields = fields
        self.factorAt = factorAt
        self.scope = scope
    }

    /// Whether rules see a field of it. A key is no member of the team, whoever's it is: one that is for reading and changing
    /// accounts must not make an owner, who may make any key.
    package func shows(_ field: String) -> Bool { scope == nil || field != "team" }

    /// The same account, wherever it asks from.
    package func withoutAddress() -> Account {
        Account(id: id, address: "", fields: fields, factorAt: factorAt, scope: scope)
    }
}

/// The collections and verbs that an API key is for.
package struct KeyScope: Hashable, Sendable {
    /// By the name of the collection; `*` stands for all.
    package let verbs: [String: Set<Access.Verb>]

    package static let allCollections = "*"

    package init(_ verbs: [String: Set<Access.Verb>]) {
        self.verbs = verbs
    }

    package func allows(_ verb: Access.Verb, of collection: String) -> Bool {
        (verbs[collection] ?? verbs[Self.allCollections])?.contains(verb) ?? false
    }
}
