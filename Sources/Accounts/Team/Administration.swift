import OffstageMail
import OffstageRecords
package import OffstageSchema
import OffstageStorage

/// What the team does with accounts, from the command line and the admin pages.
extension Accounts {
    /// Makes an account, with a password or without one.
    ///
    /// Without one, the person sets it by the link of a mail; a service account never does, and has keys alone.
    package func add(
        email text: String,
        name: String,
        role: TeamRole,
        fields: Input = Input([]),
        password: String?,
        by principal: Principal
    ) async throws(Failure) -> Record {
        let email = try Self.email(text)
        var hash: String?
        if let password {
            if let fault = PasswordRule.fault(in: password, mail: email, name: name) { throw .invalid([fault]) }
            hash = try await passwords.hash(password)
        }
        var input = fields
        if !name.isEmpty { input.members.append(("name", .texts([name]))) }
        let (filled, sealed) = (input, hash)
        return try await records.writing(by: principal) { write throws(StorageFailure) in
            let setting: [String: Value] = [
                "email": .text(email), "team": .text(role.rawValue), "verified": .boolean(true),
            ]
            let user = try write.create(filled, setting: setting, in: users)
            try AccountSecrets.insert(user.id, password: sealed, language: "en", write.connection)
            return user
        }
    }

    /// The account with a mail address.
    ///
    /// - Throws: `.notFound`, `.invalid`.
    package func find(email text: String) async throws(Failure) -> Record {
        let email = try Self.email(text)
        let found = try await records.engine.reading(.bounded) { connection throws(StorageFailure) in
            try user(email: email, connection)
        }
        guard let found else { throw Failure(.notFound, "There is no account with the address \(email).") }
        return found
    }

    /// Suspends an account, which is out at once, or lets it in again.
    package func suspend(_ isSuspended: Bool, _ id: Identifier, by principal: Principal) async throws(Failure) {
        try await records.writing(by: principal) { write throws(StorageFailure) in
            guard let user = try write.record(id, in: users) else { throw .refused(.notFound) }
            if isSuspended { try keepAnOwner(but: user, write.connection) }
            try write.set(["suspended": .boolean(isSuspended)], of: id, in: users)
            guard isSuspended else { return }
            try Session.endAll(of: id, write.connection)
            try Ticket.revokeAll(of: id, write.connection)
        }
    }

    /// Gives an account another role in the team.
    package func set(role: TeamRole, of id: Identifier, by principal: Principal) async throws(Failure) {
        try await records.writing(by: principal) { write throws(StorageFailure) in
            guard let user = try write.record(id, in: users) else { throw .refused(.notFound) }
            if role != .owner { try keepAnOwner(but: user, write.connection) }
            try write.set(["team": .text(role.rawValue)], of: id, in: users)
        }
    }

    /// A link that sets another password, and the mail with it.
    ///
    /// - Parameter removesFactors: whether codes, passkeys, keys and connections with providers go too, for somebody who lost their authenticator.
    package func reset(_ user: Record, removesFactors: Bool, by principal: Principal) async throws(Failure) -> String {
        let token = tokens.next()
        let link = link("/auth/reset", "token", token)
        try await records.writing(by: principal) { write throws(StorageFailure) in
            try Ticket.revokeAll(of: user.id, write.connection)
            try Ticket.issue(.reset, token, for: user.id, at: write.at, write.connection)
            if removesFactors {
                try AccountSecrets.setCodes(nil, step: nil, of: user.id, write.connection)
                try replaceRecoveryCodes([], of: user.id, write.connection)
                try AccountSecrets.removeWaysIn(of: user.id, write.connection)
                try Session.endAll(of: user.id, write.connection)
            }
            try desk.add(
                .reset,
                to: text("email", of: user),
                name: text("name", of: user),
                link: link,
                validity: Ticket.Purpose.reset.validity,
                language: try language(of: user, write.connection),
                write
            )
        }
        desk.ring()
        return link
    }

    /// Makes a key for a service account.
    package func makeKey(
        name: String,
        scope: KeyScope,
        expires: Timestamp?,
        for user: Record,
        by principal: Principal
    ) async throws(Failure) -> NewKey {
        let faults = self.faults(name: name, scope: scope, expires: expires)
        guard faults.isEmpty else { throw .invalid(faults) }
        return try await insertKey(name: name, scope: scope, expires: expires, for: user.id, by: principal)
    }

    /// Deletes the account that asks, and what belongs to it by the relations' `on_delete`.
    ///
    /// - Throws: `.conflict` when a `restrict` relation points to it, or nobody would be left to own the app.
    package func deleteAccount(password: String?, of who: SignedIn, from visit: Visit) async throws(Failure) {
        try await requireProof(password, of: who, from: visit)
        try await records.writing(by: who.principal) { write throws(StorageFailure) in
            guard let user = try write.record(who.user.id, in: users) else { throw .refused(.notFound) }
            try keepAnOwner(but: user, write.connection)
            try write.delete(user.id, in: users)
            try AccountSecrets.removeAll(of: user.id, write.connection)
        }
    }

    /// Refuses to leave the app without anybody who runs it.
    private func keepAnOwner(but user: Record, _ connection: any Connection) throws(StorageFailure) {
        guard role(of: user) == .owner, !flag("suspended", of: user), try owners(connection, locking: true) <= 1 else {
            return
        }
        throw .refused(Failure(.conflict, "This is the only owner. Make somebody else an owner first."))
    }
}
