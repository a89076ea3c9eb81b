import OffstageRecords
package import OffstageSchema
import OffstageStorage

/// What a browser is asked for: the options of WebAuthn, and the ticket that its answer comes back with.
package struct PasskeyRequest: Sendable {
    package let options: JSON
    package let ticket: String
}

extension Accounts {
    /// Passkeys that one account may have.
    private static let passkeysAtMost = 50
    private static let nameAtMost = 100

    /// The pages of this site, as authenticators know it.
    private var relyingParty: RelyingParty {
        let address = WebAddress(base())
        return RelyingParty(id: address?.host ?? "localhost", name: siteName, origins: [address?.origin ?? base()])
    }

    package func passkeys(of who: SignedIn) async throws(Failure) -> [Passkey] {
        let id = who.user.id
        return try await records.engine.reading(.bounded) { connection throws(StorageFailure) in
            try Passkey.all(of: id, connection)
        }
    }

    /// Asks a browser for a new passkey.
    package func startPasskey(
        password: String?,
        of who: SignedIn,
        from visit: Visit
    ) async throws(Failure) -> PasskeyRequest {
        try await requireProof(password, of: who, from: visit)
        let existing = try await passkeys(of: who)
        guard existing.count < Self.passkeysAtMost else {
            throw Failure(.conflict, "An account can have \(Self.passkeysAtMost) passkeys. Remove one first.")
        }
        let challenge = random(32)
        let ticket = try await issue(.passkeyRegistration, challenge, for: who.user.id)
        let email = text("email", of: who.user)
        let name = text("name", of: who.user)
        let options = CredentialCreationOptions(
            relyingParty: relyingParty,
            user: .init(id: Self.handle(who.user.id), name: email, displayName: name.isEmpty ? email : name),
            challenge: challenge,
            excluded: existing.map { CredentialDescriptor(id: $0.credential, transports: $0.transports) },
            residentKey: .required
        )
        return PasskeyRequest(options: options.json, ticket: ticket)
    }

    /// Keeps a passkey that a browser made.
    package func addPasskey(
        _ answer: JSON,
        ticket token: String,
        name: String,
        of who: SignedIn
    ) async throws(Failure) -> Passkey {
        let name = name.isEmpty ? "Passkey" : String(name.prefix(Self.nameAtMost).filter { $0 != "\0" })
        let party = relyingParty
        let challenge = try await challenge(of: .passkeyRegistration, token, for: who.user.id)
        let new = try Self.accepted { () throws(PasskeyFailure) in
            try Registration.verify(responseJSON: answer, challenge: challenge, relyingParty: party)
        }
        let found = try await records.writing(by: who.principal) { write throws(StorageFailure) -> Passkey? in
            guard try Passkey.find(credential: new.id, write.connection) == nil else {
                throw .refused(Failure(.conflict, "This passkey is registered already."))
            }
            let id = write.newID()
            try Passkey.insert(new, id: id, user: who.user.id, name: name, at: write.at, write.connection)
            return try Passkey.all(of: who.user.id, write.connection).first { $0.id == id }
        }
        guard let found else { throw Failure(.internalError, Failure.internalDetail) }
        return found
    }

    package func removePasskey(_ id: Identifier, of who: SignedIn) async throws(Failure) {
        let isDone = try await records.engine.writing { connection throws(StorageFailure) in
            try Passkey.remove(id, of: who.user.id, connection)
        }
        guard isDone else { throw .notFound }
    }

    // MARK: Signing in

    /// Asks a browser for any passkey of this site; the passkey says whose it is.
    package func startPasskeySignIn(from visit: Visit) async throws(Failure) -> PasskeyRequest {
        try await throttle.take([.passkey(from: visit)])
        let challenge = random(32)
        let ticket = try await issue(.passkeySignIn, challenge, for: nil)
        let options = CredentialRequestOptions(relyingParty: relyingParty, challenge: challenge)
        return PasskeyRequest(options: options.json, ticket: ticket)
    }

    /// Signs in with a passkey, which counts as both factors: it is there, and its user was checked.
    package func signIn(
        passkey answer: JSON,
        ticket token: String,
        from visit: Visit,
        replacing former: Session? = nil
    ) async throws(Failure) -> SignInOutcome {
        let party = relyingParty
        let challenge = try await challenge(of: .passkeySignIn, token, for: nil)
        let assertion = try Self.accepted { () throws(PasskeyFailure) in try Assertion(responseJSON: answer) }
        let found = try await records.engine.reading(.bounded) { connection throws(StorageFailure) in
            try Passkey.find(credential: assertion.credentialID, connection)
        }
        let stranger = Failure(.unauthenticated, "This passkey belongs to no account here.")
        guard let passkey = found else { throw stranger }
        let stored = StoredPasskey(
            id: passkey.credential,
            publicKey: passkey.publicKey,
            counter: passkey.counter,
            isBackupEligible: passkey.isBackupEligible,
            userHandle: Self.handle(passkey.user)
        )
        let shown = try Self.accepted { () throws(PasskeyFailure) in
            try assertion.verify(challenge: challenge, relyingParty: party, credential: stored)
        }
        return try await records.writing(by: .system("sign-in")) { write throws(StorageFailure) in
            guard let user = try records.whole(passkey.user, of: users, write.connection) else {
                throw .refused(stranger)
            }
            guard
                try Passkey.use(
                    passkey,
                    counter: shown.counter,
                    isBackedUp: shown.isBackedUp,
                    at: write.at,
                    write.connection
                )
            else { throw .refused(Self.notAccepted("its counter was used at the same time")) }
            return try enter(user, proven: .both, nil, from: visit, replacing: former, write)
        }
    }

    /// The challenge of a ticket, which is used up with that: an answer gets one try, and is checked outside of any write.
    private func challenge(
        of purpose: Ticket.Purpose,
        _ token: String,
        for user: Identifier?
    ) async throws(Failure) -> [UInt8] {
        let ticket = try await records.engine.writing { connection throws(StorageFailure) in
            try Ticket.redeem(purpose, token, at: now(), connection)
        }
        guard let ticket, ticket.user == user, let challenge = ticket.text("challenge").flatMap(Base64URL.decode) else {
            throw Self.passkeyTimeIsOver
        }
        return challenge
    }

    private func issue(
        _ purpose: Ticket.Purpose,
        _ challenge: [UInt8],
        for user: Identifier?
    ) async throws(Failure) -> String {
        let token = tokens.next()
        try await records.engine.writing { connection throws(StorageFailure) in
            let data = JSON.object([.init("challenge", .string(Base64URL.encode(challenge)))])
            try Ticket.issue(purpose, token, for: user, data: data, at: now(), connection)
        }
        return token.text
    }

    /// The user handle: the id of the account, which tells nothing of the person.
    private static func handle(_ user: Identifier) -> [UInt8] {
        withUnsafeBytes(of: user.high.bigEndian) { Array($0) } + withUnsafeBytes(of: user.low.bigEndian) { Array($0) }
    }

    private static func accepted<Result>(
        _ body: () throws(PasskeyFailure) -> Result
    ) throws(Failure) -> Result {
        do throws(PasskeyFailure) {
            return try body()
        } catch {
            throw notAccepted("\(error)")
        }
    }

    private static func notAccepted(_ reason: String) -> Failure {
        Failure(.unauthenticated, "The passkey was not accepted: \(reason).")
    }

    private static let passkeyTimeIsOver = Failure(.unauthenticated, "The time for this is over. Start again.")
}

extension Throttle.Count {
    /// Each makes a ticket.
    static func passkey(from visit: Visit) -> Throttle.Count {
        Throttle.Count("passkey", visit.household, atMost: 200, each: .seconds(900))
    }
}
