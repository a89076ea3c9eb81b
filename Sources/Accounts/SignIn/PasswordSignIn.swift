import OffstageRecords
package import OffstageSchema
import OffstageStorage

extension Accounts {
    /// Signs in with a password, and with a code where the account has codes and one was sent along.
    ///
    /// An account that is unknown and a password that is wrong look alike, in words and in time: a hash is computed either way.
    ///
    /// - Throws: `.unauthenticated`, `.rateLimited`, `.forbidden` for a suspended account whose password was right.
    package func signIn(
        email text: String,
        password: String,
        code: String? = nil,
        from visit: Visit,
        replacing former: Session? = nil
    ) async throws(Failure) -> SignInOutcome {
        // Whatever is no address is nobody's.
        let email = (try? Self.email(text)) ?? ""
        let counts = Throttle.Count.signIn(email, from: visit)
        try await throttle.take(counts)
        let found = try await records.engine.reading(.bounded) {
            connection throws(StorageFailure) -> (user: Record, secrets: AccountSecrets?)? in
            guard !email.isEmpty, let user = try user(email: email, connection) else { return nil }
            return (user, try AccountSecrets.read(user.id, connection))
        }
        guard try await verify(password, found?.secrets?.password, counted: counts), let found,
            let hash = found.secrets?.password
        else { throw Self.wrong }
        let risen = PasswordHash.needsRehash(hash) ? try await passwords.hash(password) : nil
        if let code, found.secrets?.totp != nil {
            try await takeCode(code, of: found.user.id)
            return try await enter(found.user.id, .both, hash, risen, counts, visit, former)
        }
        return try await enter(found.user.id, .first, hash, risen, counts, visit, former)
    }

    /// Whether the password is the one of the hash. A try that is not made, since too many wait for a hash, is not counted: where
    /// many sign in at once from one address, those who come too late would lock all of them out.
    private func verify(
        _ password: String,
        _ hash: String?,
        counted counts: [Throttle.Count]
    ) async throws(Failure) -> Bool {
        do throws(Failure) {
            return try await passwords.verify(password, hash)
        } catch {
            guard error.kind == .unavailable else { throw error }
            try await records.engine.writing { [throttle] connection throws(StorageFailure) in
                try throttle.giveBack(counts, connection)
            }
            throw error
        }
    }

    private func enter(
        _ id: Identifier,
        _ proven: Proof,
        _ hash: String,
        _ risen: String?,
        _ counts: [Throttle.Count],
        _ visit: Visit,
        _ former: Session?
    ) async throws(Failure) -> SignInOutcome {
        try await records.writing(by: .system("sign-in")) { write throws(StorageFailure) in
            // Read again: what was looked at before the hash may have changed meanwhile.
            guard let user = try records.whole(id, of: users, write.connection),
                let secrets = try AccountSecrets.read(id, write.connection, locking: true), secrets.password == hash
            else { throw .refused(Self.wrong) }
            try throttle.giveBack(counts, write.connection)
            if let risen { try AccountSecrets.rehash(hash, to: risen, of: id, write.connection) }
            return try enter(user, proven: proven, secrets, from: visit, replacing: former, write)
        }
    }

    /// That somebody who is signed in knows the account's password, before something that a stolen session must not do. Who has
    /// none must have signed in, or shown a factor, within the last minutes.
    func requireProof(_ password: String?, of who: SignedIn, from visit: Visit) async throws(Failure) {
        let id = who.user.id
        let secrets = try await records.engine.reading(.bounded) { connection throws(StorageFailure) in
            try AccountSecrets.read(id, connection)
        }
        guard let hash = secrets?.password else {
            let recently = max(who.session.created, who.session.factorAt ?? who.session.created)
            let moment = now()
            guard recently <= moment, recently.adding(Self.freshness) > moment else {
                throw Failure(.unauthenticated, "Sign in again first: this needs a sign-in of the last ten minutes.")
            }
            return
        }
        guard let password, !password.isEmpty else {
            throw .invalid([Fault("/password", .required, "is required: the password that the account has now")])
        }
        let counts = Throttle.Count.signIn(text("email", of: who.user), from: visit)
        try await throttle.take(counts)
        guard try await verify(password, hash, counted: counts) else {
            throw .invalid([Fault("/password", .check, "is not the password of this account")])
        }
        try await records.engine.writing { connection throws(StorageFailure) in
            try throttle.giveBack(counts, connection)
        }
    }

    /// How long a sign-in counts as fresh.
    private static let freshness: Duration = .seconds(600)
}
