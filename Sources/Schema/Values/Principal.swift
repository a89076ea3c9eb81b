/// Who asks. Never optional: there is no request without one, and none is more than it says.
package enum Principal: Hashable, Sendable {
    /// Somebody without an account, by network address.
    case visitor(address: String)
    /// Somebody who signed in.
    case account(Account)
    /// A member of the team, by the name that the journal keeps.
    case team(String)

    /// The team acts beside the rules; everything it does is in the journal too.
    package var isTeam: Bool {
        if case .team = self { true } else { false }
    }

    /// What the journal keeps as the actor. A visitor's address is personal data and is not kept.
    package var actor: String {
        switch self {
        case .visitor: "visitor"
        case .account(let account): "account:\(account.id)"
        case .team(let name): "team:\(name)"
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

    package init(id: Identifier, address: String, fields: [String: Value] = [:]) {
        self.id = id
        self.address = address
        self.fields = fields
    }
}
