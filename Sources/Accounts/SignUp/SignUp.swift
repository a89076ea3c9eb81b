import OffstageMail
import OffstageRecords
package import OffstageSchema
import OffstageStorage

extension Accounts {
    /// What somebody who signs up sends.
    package struct NewAccount: Sendable {
        package let email: String
        package let password: String
        /// The other fields, such as `name`.
        package let input: Input
        /// The token of an invitation.
        package let invitation: String?

        package init(email: String, password: String, input: Input, invitation: String? = nil) {
            self.email = email
            self.password = password
            self.input = input
            self.invitation = invitation
        }
    }

    /// Makes an account, and opens its first session.
    ///
    /// Who signs up again with the same address and the same password, as after a double click, is signed in.
    ///
    /// - Throws: `.forbidden` where sign-up is not open and there is no invitation, `.invalid`, `.conflict` when there is an
    ///   account with this address, `.rateLimited`.
    package func signUp(
        _ new: NewAccount,
        from visit: Visit,
        replacing former: Session? = nil
    ) async throws(Failure) -> SignInOutcome {
        let invitation = try await invitation(new.invitation)
        guard invitation != nil || settings.signUp == .open else { throw Self.signUpIsClosed(settings) }
        try await throttle.take(Throttle.Count.signUp(from: visit))
        var faults: [Fault] = []
        // An id is an account's for good: nobody takes a former one's.
        if new.input.members.contains(where: { $0.name == "id" }) {
            faults.append(Fault("/id", .readOnly, "is set by the server"))
        }
        var email = new.email
        do throws(Failure) { email = try Self.email(new.email) } catch { faults += error.faults }
        let address = email
        if let invited = invitation?.text("email"), Self.lowered(invited) != Self.lowered(address) {
            faults.append(Fault("/email", .check, "must be the address that was invited"))
        }
        let name = new.input.text("name") ?? ""
        if let fault = PasswordRule.fault(in: new.password, mail: address, name: name) { faults.append(fault) }
        guard faults.isEmpty else { throw .invalid(faults) }
        try checkFields(new.input)
        if try await isKnown(address) {
            return try await signUpAgain(address, new.password, from: visit, replacing: former)
        }
        let hash = try await passwords.hash(new.password)
        // Whom no more mails may go to makes an account all the same, and asks for the mail later.
        let mayMail = await mayMail(to: address, from: visit)
        let outcome = try await records.writing(by: .visitor(address: visit.address)) { write throws(StorageFailure) in
            try make(address, hash, new, visit, former, mayMail: mayMail, write)
        }
        desk.ring()
        return outcome
    }

    private func make(
        _ email: String,
        _ hash: String,
        _ new: NewAccount,
        _ visit: Visit,
        _ former: Session?,
        mayMail: Bool,
        _ write: JointWrite
    ) throws(StorageFailure) -> SignInOutcome {
        var setting: [String: Value] = ["email": .text(email)]
        var isProven = false
        if let token = new.invitation {
            guard let ticket = try Ticket.redeem(.invite, token, at: write.at, write.connection) else {
                throw .refused(Ticket.spent)
            }
            // The link came to this address, so the address is proven.
            isProven = ticket.text("email") != nil
            // One that is nobody's makes the first owner, and no second one.
            if !isProven, try owners(write.connection) > 0 { throw .refused(Ticket.spent) }
            if isProven { try Ticket.revokeInvitations(of: email, write.connection) }
            setting["team"] = .text(ticket.text("team").flatMap(TeamRole.init)?.rawValue ?? TeamRole.none.rawValue)
            if isProven { setting["verified"] = .boolean(true) }
        }
        let user = try write.create(new.input, setting: setting, in: users)
        try AccountSecrets.insert(user.id, password: hash, language: visit.language, write.connection)
        if !isProven, mayMail { try mailVerification(to: user, language: visit.language, write) }
        return try enter(user, proven: .first, nil, from: visit, replacing: former, write)
    }

    private func mayMail(to email: String, from visit: Visit) async -> Bool {
        do {
            try await throttle.take(Throttle.Count.mail(to: email, from: visit))
            return true
        } catch {
            return false
        }
    }

    /// What is wrong with the fields, before a hash is computed for them.
    private func checkFields(_ input: Input) throws(Failure) {
        try records.check(input, asNew: users, by: .visitor(address: ""))
    }

    private func isKnown(_ email: String) async throws(Failure) -> Bool {
        try await records.engine.reading(.bounded) { connection throws(StorageFailure) in
            try user(email: email, connection) != nil
        }
    }

    private func signUpAgain(
        _ email: String,
        _ password: String,
        from visit: Visit,
        replacing former: Session?
    ) async throws(Failure) -> SignInOutcome {
        do throws(Failure) {
            if case .opened(let session) = try await signIn(
                email: email,
                password: password,
                from: visit,
                replacing: former
            ) {
                return .opened(session)
            }
        } catch {
            if error.kind == .rateLimited { throw error }
        }
        throw Failure(
            .conflict,
            "There is an account with this e-mail address already. Sign in, or ask for a new password.",
            faults: [Fault("/email", .unique, "has an account already")]
        )
    }

    private static func signUpIsClosed(_ settings: AccountSettings) -> Failure {
        switch settings.signUp {
        case .invite: Failure(.forbidden, "Accounts are made by invitation here. Ask whoever runs this site for one.")
        case .open, .closed: Failure(.forbidden, "Accounts are made by the team here. Ask whoever runs this site.")
        }
    }
}

extension Input {
    /// The one text that was sent under a name.
    package func text(_ name: String) -> String? {
        switch members.first(where: { $0.name == name })?.content {
        case .json(.string(let text))?: text
        case .texts(let texts)? where texts.count == 1: texts[0]
        default: nil
        }
    }
}
