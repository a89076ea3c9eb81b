import OffstageMail
import OffstageRecords
package import OffstageSchema
import OffstageStorage

/// An invitation to make an account.
package struct Invitation: Sendable {
    /// Whose it is; nil for one that is handed over in person, as the first owner's is.
    package let email: String?
    package let role: TeamRole
    package let expires: Timestamp
}

extension Accounts {
    /// The ticket behind an invitation's token; nil when no token was given.
    ///
    /// - Throws: `.unauthenticated` when it was used or is over.
    func invitation(_ token: String?) async throws(Failure) -> Ticket? {
        guard let token else { return nil }
        let moment = now()
        let found = try await records.engine.reading(.bounded) { connection throws(StorageFailure) in
            try Ticket.find(.invite, token, at: moment, connection)
        }
        guard let found else { throw Ticket.spent }
        return found
    }

    /// What an invitation says, for the page that shows it.
    package func describe(invitation token: String) async throws(Failure) -> Invitation {
        guard let ticket = try await invitation(token) else { throw Ticket.spent }
        return Invitation(
            email: ticket.text("email"),
            role: ticket.text("team").flatMap(TeamRole.init) ?? .none,
            expires: ticket.expires
        )
    }

    /// Invites somebody by mail.
    ///
    /// - Returns: the link, for whoever wants to hand it over by themselves.
    /// - Throws: `.conflict` when there is an account with this address.
    package func invite(
        _ text: String,
        as role: TeamRole,
        language: String,
        by principal: Principal
    ) async throws(Failure) -> String {
        let email = try Self.email(text)
        let token = tokens.next()
        let link = link("/auth/sign-up", "invite", token)
        try await records.writing(by: principal) { write throws(StorageFailure) in
            guard try user(email: email, write.connection) == nil else {
                throw .refused(
                    Failure(
                        .conflict,
                        "There is an account with this e-mail address already.",
                        faults: [Fault("/email", .unique, "has an account already")]
                    )
                )
            }
            // A later invitation takes the place of an earlier one.
            try Ticket.revokeInvitations(of: email, write.connection)
            let data = JSON.object([.init("email", .string(email)), .init("team", .string(role.rawValue))])
            try Ticket.issue(.invite, token, for: nil, data: data, at: write.at, write.connection)
            try desk.add(
                .invite,
                to: email,
                name: "",
                link: link,
                validity: Ticket.Purpose.invite.validity,
                language: language,
                write
            )
        }
        desk.ring()
        return link
    }

    /// A link that makes the first owner; nil once there is one. Each start makes a new one and takes the former back.
    package func firstOwnerLink() async throws(Failure) -> String? {
        let token = tokens.next()
        let isIssued = try await records.writing(by: .system("first-owner")) { write throws(StorageFailure) in
            try Ticket.revokeInvitations(of: nil, write.connection)
            guard try owners(write.connection) == 0 else { return false }
            let data = JSON.object([.init("team", .string(TeamRole.owner.rawValue))])
            try Ticket.issue(.invite, token, for: nil, data: data, at: write.at, write.connection)
            return true
        }
        return isIssued ? link("/auth/sign-up", "invite", token) : nil
    }

    /// How many accounts run the app and are not suspended.
    ///
    /// - Parameter locking: whether none of them may stop being one until the transaction ends.
    func owners(_ connection: any Connection, locking: Bool = false) throws(StorageFailure) -> Int {
        guard let field = users.field("team") else { return 0 }
        let owner = Value.text(TeamRole.owner.rawValue)
        return try records.whole(of: users, where: field, is: owner, locking: locking, connection)
            .count { !flag("suspended", of: $0) }
    }

    /// An address of a page here with a secret in it.
    func link(_ path: String, _ parameter: String, _ token: Token) -> String {
        "\(base())\(path)?\(parameter)=\(token.text)"
    }
}
