import OffstageRecords
package import OffstageSchema
import OffstageStorage

extension Accounts {
    /// Opens the session of a sign-in that lacked its code.
    ///
    /// - Throws: `.unauthenticated` when the ticket is over, `.invalid` for a code that is wrong or was used, `.rateLimited`.
    package func signIn(
        ticket token: String,
        code: String,
        from visit: Visit,
        replacing former: Session? = nil
    ) async throws(Failure) -> SignInOutcome {
        let moment = now()
        let ticket = try await records.engine.reading(.bounded) { connection throws(StorageFailure) in
            try Ticket.find(.code, token, at: moment, connection)
        }
        guard let id = ticket?.user else {
            throw Failure(.unauthenticated, "The time for the code is over. Sign in again.")
        }
        try await throttle.take(Throttle.Count.code(of: id))
        return try await records.writing(by: .system("sign-in")) { write throws(StorageFailure) in
            try use(code, of: id, at: write.at, write.connection)
            guard try Ticket.redeem(.code, token, at: write.at, write.connection) != nil,
                let user = try records.whole(id, of: users, write.connection)
            else { throw .refused(Failure(.unauthenticated, "The time for the code is over. Sign in again.")) }
            try throttle.giveBack(Throttle.Count.code(of: id), write.connection)
            return try enter(user, proven: .both, nil, from: visit, replacing: former, write)
        }
    }

    /// Shows a code within a session, for what asks for a factor of the last minutes.
    package func showCode(_ code: String, of who: SignedIn) async throws(Failure) {
        try await takeCode(code, of: who.user.id)
        try await records.engine.writing { connection throws(StorageFailure) in
            try Session.noteFactor(who.session.id, at: now(), connection)
        }
    }

    /// Uses a code up.
    func takeCode(_ code: String, of user: Identifier) async throws(Failure) {
        let counts = Throttle.Count.code(of: user)
        try await throttle.take(counts)
        try await records.engine.writing { connection throws(StorageFailure) in
            try use(code, of: user, at: now(), connection)
            try throttle.giveBack(counts, connection)
        }
    }

    /// A code of the authenticator, or one of the recovery codes.
    private func use(
        _ code: String,
        of user: Identifier,
        at moment: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) {
        guard let secrets = try AccountSecrets.read(user, connection), let sealed = secrets.totp else {
            throw .refused(Failure(.conflict, "This account has no codes."))
        }
        guard let secret = sealing.open(sealed, for: Self.codePurpose(user)) else {
            throw .refused(
                Failure(
                    .internalError,
                    Failure.internalDetail,
                    operatorDetail:
                        "the secret of a code can't be opened: was OFFSTAGE_SECRET changed without keeping the former?"
                )
            )
        }
        if let step = TOTP.step(of: code, at: moment, secret: secret, after: secrets.totpStep) {
            guard try AccountSecrets.use(step: step, of: user, connection) else { throw .refused(Self.wrongCode) }
            guard sealing.isOutdated(sealed) else { return }
            // An older secret of the app can be let go once all have signed in since.
            let anew = try refusing { () throws(Failure) in try sealing.seal(secret, for: Self.codePurpose(user)) }
            try AccountSecrets.setCodes(anew, step: step, of: user, connection)
            return
        }
        guard let hash = RecoveryCodes.hash(of: code, account: user.description) else { throw .refused(Self.wrongCode) }
        let used = try connection.run(
            """
            DELETE FROM \(Self.recovery) WHERE \(SQL.Name("user")) = \(.identifier(user))
            AND \(SQL.Name("code")) = \(.text(hash))
            """
        )
        guard used == 1 else { throw .refused(Self.wrongCode) }
    }
}
