import OffstageRecords
package import OffstageSchema
import OffstageStorage

/// Where a browser goes to sign in with a provider, and what it has to bring back.
package struct ProviderDeparture: Sendable {
    /// The provider's page.
    package let location: String
    /// A secret that stays in the browser, so that nobody can finish a sign-in that somebody else began.
    package let browser: String
}

extension Accounts {
    /// Begins a sign-in with a provider, or for somebody who is signed in, the connection of their account with one.
    package func depart(
        to name: String,
        linking who: SignedIn?,
        password: String? = nil,
        from visit: Visit
    ) async throws(Failure) -> ProviderDeparture {
        guard let client = providers[name] else { throw .notFound }
        if let who { try await requireProof(password, of: who, from: visit) }
        try await throttle.take([.provider(from: visit)])
        let (state, browser, nonce) = (tokens.next(), tokens.next(), tokens.next())
        let proof = ProofKey(random: random)
        let location = try await client.authorization(
            redirect: redirect(name),
            state: state.text,
            nonce: nonce.text,
            challenge: proof.challenge
        )
        try await records.engine.writing { connection throws(StorageFailure) in
            let data = JSON.object([
                .init("provider", .string(name)), .init("nonce", .string(nonce.text)),
                .init("verifier", .string(proof.verifier)), .init("browser", .string(browser.hash)),
                .init("session", who.map { .string($0.session.id.description) } ?? .null),
            ])
            try Ticket.issue(.provider, state, for: who?.user.id, data: data, at: now(), connection)
        }
        return ProviderDeparture(location: location, browser: browser.text)
    }

    private func redirect(_ name: String) -> String { "\(base())/auth/with/\(name)/callback" }

    /// What came of a return from a provider.
    package enum ProviderArrival: Sendable {
        case signedIn(SignInOutcome)
        /// The account of whoever was signed in is connected now.
        case linked
    }

    /// Ends a sign-in with a provider.
    ///
    /// An account is connected by proof alone: by being signed in to it. That the provider names the same mail address proves
    /// nothing of the account here.
    ///
    /// - Parameters:
    ///   - browser: the secret that stayed in the browser.
    ///   - issuer: the parameter `iss` (RFC 9207), where the provider sends it.
    ///   - who: the session that the return came with, if any.
    package func arrive(
        from name: String,
        state: String,
        code: String,
        issuer: String?,
        browser: String?,
        who: SignedIn?,
        _ visit: Visit
    ) async throws(Failure) -> ProviderArrival {
        guard let client = providers[name] else { throw .notFound }
        let moment = now()
        let ticket = try await records.engine.writing { connection throws(StorageFailure) in
            try Ticket.redeem(.provider, state, at: moment, connection)
        }
        guard let ticket, ticket.text("provider") == name, let nonce = ticket.text("nonce"),
            let verifier = ticket.text("verifier"), let kept = ticket.text("browser"),
            let browser, Token(browser).matches(hash: kept)
        else {
            throw Failure(
                .unauthenticated,
                "This sign-in was not begun in this browser, or its time is over. Begin again."
            )
        }
        try await client.check(callbackIssuer: issuer)
        let identity = try await client.identity(
            code: code,
            redirect: redirect(name),
            verifier: verifier,
            nonce: nonce
        )
        if let user = ticket.user {
            guard let who, who.user.id == user, who.session.id.description == ticket.text("session") else {
                throw Failure(.unauthenticated, "The session that began this has ended. Sign in and begin again.")
            }
            try await link(identity, name, to: who)
            return .linked
        }
        return .signedIn(try await enter(identity, client.provider, visit, who?.session))
    }

    private func link(_ identity: ProviderIdentity, _ name: String, to who: SignedIn) async throws(Failure) {
        try await records.writing(by: who.principal) { write throws(StorageFailure) in
            if let other = try Identity.user(name, identity, write.connection) {
                guard other == who.user.id else {
                    throw .refused(
                        Failure(.conflict, "This account of the provider is connected to another account here.")
                    )
                }
                return
            }
            try Identity.insert(name, identity, for: who.user.id, at: write.at, write.connection)
        }
    }

    private func enter(
        _ identity: ProviderIdentity,
        _ provider: Provider,
        _ visit: Visit,
        _ former: Session?
    ) async throws(Failure) -> SignInOutcome {
        let outcome = try await records.writing(by: .system("sign-in")) { write throws(StorageFailure) in
            if let id = try Identity.user(provider.name, identity, write.connection),
                let user = try records.whole(id, of: users, write.connection)
            {
                let secrets = try AccountSecrets.read(id, write.connection)
                return try enter(user, proven: .first, secrets, from: visit, replacing: former, write)
            }
            let user = try make(identity, provider, visit, write)
            return try enter(user, proven: .first, nil, from: visit, replacing: former, write)
        }
        desk.ring()
        return outcome
    }

    /// An account for somebody who comes from a provider for the first time.
    private func make(
        _ identity: ProviderIdentity,
        _ provider: Provider,
        _ visit: Visit,
        _ write: JointWrite
    ) throws(StorageFailure) -> Record {
        guard settings.signUp == .open else {
            throw .refused(
                Failure(
                    .forbidden,
                    "No account here is connected to this one of \(provider.label). Sign in another way, then connect it on "
                        + "the page of your account."
                )
            )
        }
        guard let email = identity.email else {
            throw .refused(
                Failure(.forbidden, "\(provider.label) did not tell an e-mail address, which an account here needs.")
            )
        }
        guard try user(email: email, write.connection) == nil else {
            throw .refused(
                Failure(
                    .conflict,
                    "There is an account with the address \(email) already. Sign in to it another way, then connect "
                        + "\(provider.label) on the page of your account."
                )
            )
        }
        var setting: [String: Value] = ["email": .text(email), "verified": .boolean(identity.isEmailVerified)]
        if let name = identity.name { setting["name"] = .text(name) }
        let user = try write.create(Input([]), setting: setting, in: users)
        try AccountSecrets.insert(user.id, password: nil, language: visit.language, write.connection)
        try Identity.insert(provider.name, identity, for: user.id, at: write.at, write.connection)
        if !identity.isEmailVerified { try mailVerification(to: user, language: visit.language, write) }
        return user
    }

    /// The names of the providers that an account is connected to.
    package func identities(of who: SignedIn) async throws(Failure) -> [Identity] {
        let id = who.user.id
        return try await records.engine.reading(.bounded) { connection throws(StorageFailure) in
            try Identity.all(of: id, connection)
        }
    }

    /// Disconnects an account from a provider.
    package func unlink(_ name: String, of who: SignedIn) async throws(Failure) {
        let isDone = try await records.engine.writing { connection throws(StorageFailure) in
            try Identity.remove(name, of: who.user.id, connection)
        }
        guard isDone else { throw .notFound }
    }
}

/// That an account is connected to one of a provider.
package struct Identity: Sendable {
    package let provider: String
    package let email: String?
    package let created: Timestamp

    private static let table = SQL.Name("_identities")

    static func user(
        _ provider: String,
        _ identity: ProviderIdentity,
        _ connection: any Connection
    ) throws(StorageFailure) -> Identifier? {
        let found = try connection.first(
            """
            SELECT \(SQL.Name("user")) FROM \(table)
            WHERE \(SQL.Name("provider")) = \(.text(key(provider, identity)))
            AND \(SQL.Name("subject")) = \(.text(identity.subject))
            """
        ) { row throws(StorageFailure) in try row.value(0, as: .identifier) }
        if case .identifier(let id)? = found { return id }
        return nil
    }

    static func insert(
        _ provider: String,
        _ identity: ProviderIdentity,
        for user: Identifier,
        at now: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) {
        try connection.run(
            """
            INSERT INTO \(table) (\(SQL.Name("provider")), \(SQL.Name("subject")), \(SQL.Name("user")), \(SQL.Name("email")),
            \(SQL.Name("created")))
            VALUES (\(.text(key(provider, identity))), \(.text(identity.subject)), \(.identifier(user)),
            \(identity.email.map(Value.text) ?? .null), \(.datetime(now)))
            """
        )
    }

    static func all(of user: Identifier, _ connection: any Connection) throws(StorageFailure) -> [Identity] {
        try connection.all(
            """
            SELECT \(SQL.Name("provider")), \(SQL.Name("email")), \(SQL.Name("created")) FROM \(table)
            WHERE \(SQL.Name("user")) = \(.identifier(user)) ORDER BY \(SQL.Name("provider")), \(SQL.Name("created"))
            """
        ) { row in
            Identity(
                provider: String(row.text(0).prefix { $0 != ":" }),
                email: row.isNull(1) ? nil : row.text(1),
                created: Timestamp(milliseconds: row.integer(2))
            )
        }
    }

    /// - Returns: whether there was one.
    static func remove(
        _ provider: String,
        of user: Identifier,
        _ connection: any Connection
    ) throws(StorageFailure) -> Bool {
        let (first, last) = ("\(provider):", "\(provider);")
        return try connection.run(
            """
            DELETE FROM \(table) WHERE \(SQL.Name("user")) = \(.identifier(user))
            AND \(SQL.Name("provider")) >= \(.text(first)) AND \(SQL.Name("provider")) < \(.text(last))
            """
        ) > 0
    }

    /// The provider by its name and by what it calls itself: another one that gets the name later takes nobody's account
    /// over.
    private static func key(_ provider: String, _ identity: ProviderIdentity) -> String {
        "\(provider):\(Token(identity.issuer).hash)"
    }
}

extension Throttle.Count {
    static func provider(from visit: Visit) -> Throttle.Count {
        Throttle.Count("provider", visit.household, atMost: 100, each: .seconds(900))
    }
}
