import OffstageMail
import OffstageRecords
package import OffstageSchema
import OffstageStorage

/// What comes by mail to whoever can't or won't sign in with a password: a link that signs in, and one that sets another
/// password. Whether there is an account with the address is never told.
extension Accounts {
    /// Sends a link that signs in.
    package func sendLink(to text: String, from visit: Visit) async throws(Failure) {
        try await send(.link, .link, "/auth/link", to: text, from: visit)
    }

    /// Sends a link that sets another password.
    package func sendReset(to text: String, from visit: Visit) async throws(Failure) {
        try await send(.reset, .reset, "/auth/reset", to: text, from: visit)
    }

    private func send(
        _ mail: MailTemplate,
        _ purpose: Ticket.Purpose,
        _ path: String,
        to text: String,
        from visit: Visit
    ) async throws(Failure) {
        let email = try Self.email(text)
        try await throttle.take(Throttle.Count.mail(to: email, from: visit))
        let token = tokens.next()
        try await records.writing(by: .system(purpose.rawValue)) { write throws(StorageFailure) in
            guard let user = try user(email: email, write.connection), !flag("suspended", of: user) else {
                // As much work as for an account that there is, so that the time tells nothing.
                try Ticket.issue(purpose, token, for: nil, at: write.at, write.connection)
                let sent = try desk.add(
                    mail,
                    to: email,
                    name: "",
                    link: link(path, "token", token),
                    language: "en",
                    write
                )
                try Outbox.withdraw(sent, write.connection)
                return
            }
            // An earlier link still works: the mails may come in any order. All of them end with the first that is used.
            try Ticket.issue(purpose, token, for: user.id, at: write.at, write.connection)
            try desk.add(
                mail,
                to: self.text("email", of: user),
                name: self.text("name", of: user),
                link: link(path, "token", token),
                validity: purpose.validity,
                language: try language(of: user, write.connection),
                write
            )
        }
        desk.ring()
    }

    /// Signs in with the token of a mail.
    package func signIn(
        link token: String,
        from visit: Visit,
        replacing former: Session? = nil
    ) async throws(Failure) -> SignInOutcome {
        try await records.writing(by: .system("sign-in")) { write throws(StorageFailure) in
            let user = try redeemed(.link, token, write)
            let secrets = try AccountSecrets.read(user.id, write.connection)
            return try enter(user, proven: .first, secrets, from: visit, replacing: former, write)
        }
    }

    /// Sets another password with the token of a mail. All sessions and keys end; the codes of the account stay.
    ///
    /// - Throws: `.unauthenticated` when the link was used or is over, `.invalid` for the password, and the link still works.
    package func reset(_ token: String, to password: String) async throws(Failure) {
        let moment = now()
        let user = try await records.engine.reading(.bounded) { connection throws(StorageFailure) -> Record? in
            guard let ticket = try Ticket.find(.reset, token, at: moment, connection), let id = ticket.user else {
                return nil
            }
            return try records.whole(id, of: users, connection)
        }
        guard let user else { throw Ticket.spent }
        try check(password, of: user)
        let hash = try await passwords.hash(password)
        try await records.writing(by: .system("reset")) { write throws(StorageFailure) in
            let user = try redeemed(.reset, token, write)
            try AccountSecrets.setPassword(hash, of: user.id, write.connection)
            // Whoever knew the former password is out, however they came in, and what they asked for is void.
            try Session.endAll(of: user.id, keys: true, write.connection)
            try Ticket.revokeAll(of: user.id, write.connection)
            try notePasswordChange(of: user, write)
        }
        desk.ring()
    }

    /// The account of a mail's token, which is used up, and whose address is proven by that.
    private func redeemed(
        _ purpose: Ticket.Purpose,
        _ token: String,
        _ write: JointWrite
    ) throws(StorageFailure) -> Record {
        guard let ticket = try Ticket.redeem(purpose, token, at: write.at, write.connection), let id = ticket.user,
            let user = try records.whole(id, of: users, write.connection)
        else { throw .refused(Ticket.spent) }
        guard !flag("suspended", of: user) else { throw .refused(Self.suspended) }
        // Nobody's sign-in is between the old password and the new one.
        _ = try AccountSecrets.read(id, write.connection, locking: true)
        try Ticket.revoke(purpose, of: id, write.connection)
        guard !flag("verified", of: user) else { return user }
        // Until now, whoever made the account may have been somebody else than whom the address belongs to.
        try AccountSecrets.removeWhatWasNotProven(of: id, write.connection)
        return try write.set(["verified": .boolean(true)], of: id, in: users) ?? user
    }

    func check(_ password: String, of user: Record, pointer: String = "/password") throws(Failure) {
        let fault = PasswordRule.fault(in: password, mail: text("email", of: user), name: text("name", of: user))
        if let fault { throw .invalid([Fault(pointer, fault.code, fault.message)]) }
    }

    func notePasswordChange(of user: Record, _ write: JointWrite) throws(StorageFailure) {
        try desk.add(
            .passwordChanged,
            to: text("email", of: user),
            name: text("name", of: user),
            link: "\(base())/auth/reset",
            language: try language(of: user, write.connection),
            write
        )
    }
}
