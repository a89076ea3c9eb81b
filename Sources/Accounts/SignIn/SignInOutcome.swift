import OffstageRecords
package import OffstageSchema
import OffstageStorage

/// What came of a sign-in.
package enum SignInOutcome: Sendable {
    case opened(NewSession)
    /// The account has codes, and none was shown: the ticket, with a code, opens the session.
    case needsCode(ticket: String, expires: Timestamp)
}

/// A session that was just opened. Its token is shown this once.
package struct NewSession: Sendable {
    package let token: String
    package let expires: Timestamp
    package let user: Record
}

/// How a sign-in was proven.
enum Proof {
    /// A password, a mail link or a provider: the account's codes are asked for where it has some.
    case first
    /// A second factor, or a passkey that knows its user.
    case both
}

extension Accounts {
    /// Goes on where somebody has shown who they are: opens a session, or asks for a code.
    ///
    /// - Parameter replacing: the session that the request came with, which ends: a session never outlives a sign-in.
    func enter(
        _ user: Record,
        proven: Proof,
        _ secrets: AccountSecrets?,
        from visit: Visit,
        replacing former: Session?,
        _ write: JointWrite
    ) throws(StorageFailure) -> SignInOutcome {
        guard !flag("suspended", of: user) else { throw .refused(Self.suspended) }
        if proven == .first, secrets?.totp != nil {
            let token = tokens.next()
            try Ticket.issue(.code, token, for: user.id, at: write.at, write.connection)
            return .needsCode(ticket: token.text, expires: write.at.adding(Ticket.Purpose.code.validity))
        }
        if let former {
            _ = try Session.end(former.id, of: former.user, .session, write.connection)
        }
        return .opened(try open(user, hasFactor: proven == .both, from: visit, write))
    }

    func open(
        _ user: Record,
        hasFactor: Bool,
        from visit: Visit,
        _ write: JointWrite
    ) throws(StorageFailure) -> NewSession {
        let token = tokens.next()
        let expires = write.at.adding(Session.idleAtMost)
        try Session.insert(
            Session.Opening(
                id: write.newID(),
                user: user.id,
                at: write.at,
                expires: expires,
                factorAt: hasFactor ? write.at : nil,
                address: visit.address,
                agent: visit.agent
            ),
            token,
            write.connection
        )
        try Session.endSurplus(of: user.id, at: write.at, write.connection)
        return NewSession(token: token.text, expires: expires, user: user)
    }

    static let suspended = Failure(.forbidden, "This account is suspended. Ask whoever runs this site.")
    /// The same whether there is no such account or the password is another.
    static let wrong = Failure(.unauthenticated, "The e-mail address or the password is wrong.")
}
