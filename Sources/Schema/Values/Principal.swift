/// Who asks. Never optional: there is no request without one, and none is more than it says.
package enum Principal: Hashable, Sendable {
    /// Somebody without an account, by network address.
    case visitor(address: String)
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
        case .team(let name): "team:\(name)"
        }
    }
}
