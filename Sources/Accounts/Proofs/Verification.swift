import OffstageMail
import OffstageRecords
package import OffstageSchema
import OffstageStorage

extension Accounts {
    /// Sends the mail that proves an address once more. Nothing is sent for one that is proven.
    package func sendVerification(to who: SignedIn, from visit: Visit) async throws(Failure) {
        guard !flag("verified", of: who.user) else { return }
        try await throttle.take(Throttle.Count.mail(to: text("email", of: who.user), from: visit))
        try await records.writing(by: .system("verification")) { write throws(StorageFailure) in
            try mailVerification(to: who.user, language: try language(of: who.user, write.connection), write)
        }
        desk.ring()
    }

    /// Takes the token of such a mail: of the account's own address, or of a new one.
    ///
    /// Whoever made the account may have been somebody else than who reads the mail. Where the request does not come from the
    /// account itself, what could let such a person in later, beside a password, is removed.
    ///
    /// - Throws: `.unauthenticated` when it was used or is over, `.conflict` when a new address has an account by now.
    package func verify(_ token: String, by who: SignedIn?) async throws(Failure) {
        try await records.writing(by: .system("verification")) { write throws(StorageFailure) in
            if let ticket = try Ticket.redeem(.verify, token, at: write.at, write.connection) {
                guard let id = ticket.user, let user = try records.whole(id, of: users, write.connection),
                    ticket.text("email") == text("email", of: user)
                else { throw .refused(Ticket.spent) }
                if who?.user.id != id, !flag("verified", of: user) {
                    try AccountSecrets.removeWaysIn(of: id, write.connection)
                }
                try write.set(["verified": .boolean(true)], of: id, in: users)
                return
            }
            guard let ticket = try Ticket.redeem(.email, token, at: write.at, write.connection) else {
                throw .refused(Ticket.spent)
            }
            try takeNewEmail(ticket, write)
        }
        desk.ring()
    }

    // MARK: A new address

    /// Sends a mail to the address that an account is to have; it changes once that mail is answered.
    package func changeEmail(
        to text: String,
        password: String?,
        of who: SignedIn,
        from visit: Visit
    ) async throws(Failure) {
        let email = try Self.email(text)
        try await requireProof(password, of: who, from: visit)
        try await throttle.take(Throttle.Count.mail(to: email, from: visit))
        let token = tokens.next()
        try await records.writing(by: who.principal) { write throws(StorageFailure) in
            let language = try language(of: who.user, write.connection)
            try Ticket.revoke(.email, of: who.user.id, write.connection)
            // Whether an address has an account is told to whoever reads its mail alone.
            if let other = try user(email: email, write.connection), other.id != who.user.id {
                try desk.add(
                    .known,
                    to: email,
                    name: self.text("name", of: other),
                    link: "\(base())/auth/sign-in",
                    language: language,
                    write
                )
                return
            }
            let data = JSON.object([.init("email", .string(email))])
            try Ticket.issue(.email, token, for: who.user.id, data: data, at: write.at, write.connection)
            try desk.add(
                .email,
                to: email,
                name: self.text("name", of: who.user),
                link: link("/auth/verify", "token", token),
                validity: Ticket.Purpose.email.validity,
                language: language,
                write
            )
        }
        desk.ring()
    }

    private func takeNewEmail(_ ticket: Ticket, _ write: JointWrite) throws(StorageFailure) {
        guard let id = ticket.user, let email = ticket.text("email"),
            let user = try records.whole(id, of: users, write.connection), !flag("suspended", of: user)
        else { throw .refused(Ticket.spent) }
        let former = text("email", of: user)
        try write.set(["email": .text(email), "verified": .boolean(true)], of: id, in: users)
        // Links that went to the former address end with it.
        for purpose in [Ticket.Purpose.reset, .link, .verify] { try Ticket.revoke(purpose, of: id, write.connection) }
        try desk.add(
            .emailChanged,
            to: former,
            name: text("name", of: user),
            newAddress: email,
            language: try language(of: user, write.connection),
            write
        )
    }
}
