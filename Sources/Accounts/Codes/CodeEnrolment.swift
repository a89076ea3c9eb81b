import OffstageRecords
package import OffstageSchema
import OffstageStorage

extension Accounts {
    /// What an authenticator app is told to make codes.
    package struct CodeSecret: Sendable {
        /// In Base32, as people type it.
        package let secret: String
        /// `otpauth://totp/…`, as apps read it.
        package let uri: String
        /// What the confirmation needs beside a code.
        package let ticket: String
    }

    /// Whether an account has codes, and how many recovery codes are left.
    package func codes(of who: SignedIn) async throws(Failure) -> (isOn: Bool, recoveryCodes: Int) {
        let id = who.user.id
        return try await records.engine.reading(.bounded) {
            connection throws(StorageFailure) -> (isOn: Bool, recoveryCodes: Int) in
            let isOn = try AccountSecrets.read(id, connection)?.totp != nil
            let left = try connection.first(
                "SELECT count(*) FROM \(Self.recovery) WHERE \(SQL.Name("user")) = \(.identifier(id))"
            ) { $0.integer(0) }
            return (isOn, Int(clamping: left ?? 0))
        }
    }

    /// Makes a secret for an authenticator app. The account has codes once one of them was shown.
    package func startCodes(password: String?, of who: SignedIn, from visit: Visit) async throws(Failure) -> CodeSecret
    {
        try await requireProof(password, of: who, from: visit)
        let secret = TOTP.newSecret(random: random)
        let ticket = tokens.next()
        let sealed = try sealing.seal(secret, for: Self.codePurpose(who.user.id))
        try await records.writing(by: who.principal) { write throws(StorageFailure) in
            guard try AccountSecrets.read(who.user.id, write.connection)?.totp == nil else {
                throw .refused(Self.hasCodes)
            }
            try Ticket.revoke(.totp, of: who.user.id, write.connection)
            let data = JSON.object([.init("secret", .string(sealed))])
            try Ticket.issue(.totp, ticket, for: who.user.id, data: data, at: write.at, write.connection)
        }
        let account = text("email", of: who.user)
        return CodeSecret(
            secret: Base32.encode(secret),
            uri: TOTP.otpauthURI(secret: secret, issuer: siteName, account: account),
            ticket: ticket.text
        )
    }

    /// The same secret again, for a page that is shown anew; nil when the ticket is over.
    package func codeSecret(_ token: String, of who: SignedIn) async throws(Failure) -> CodeSecret? {
        let moment = now()
        let ticket = try await records.engine.reading(.bounded) { connection throws(StorageFailure) in
            try Ticket.find(.totp, token, at: moment, connection)
        }
        guard let ticket, ticket.user == who.user.id, let sealed = ticket.text("secret"),
            let secret = sealing.open(sealed, for: Self.codePurpose(who.user.id))
        else { return nil }
        return CodeSecret(
            secret: Base32.encode(secret),
            uri: TOTP.otpauthURI(secret: secret, issuer: siteName, account: text("email", of: who.user)),
            ticket: token
        )
    }

    /// Switches codes on with the first of them.
    ///
    /// - Returns: the recovery codes, shown this once.
    package func confirmCodes(_ token: String, code: String, of who: SignedIn) async throws(Failure) -> [String] {
        try await throttle.take(Throttle.Count.code(of: who.user.id))
        let recovery = RecoveryCodes.make(random: random)
        let id = who.user.id
        try await records.writing(by: who.principal) { write throws(StorageFailure) in
            guard let ticket = try Ticket.find(.totp, token, at: write.at, write.connection), ticket.user == id,
                let sealed = ticket.text("secret"),
                let secret = sealing.open(sealed, for: Self.codePurpose(id))
            else { throw .refused(Failure(.conflict, "The time for this is over. Start again.")) }
            guard let step = TOTP.step(of: code, at: write.at, secret: secret, after: nil) else {
                throw .refused(Self.wrongCode)
            }
            guard try Ticket.redeem(.totp, token, at: write.at, write.connection) != nil,
                try AccountSecrets.read(id, write.connection)?.totp == nil
            else { throw .refused(Self.hasCodes) }
            try AccountSecrets.setCodes(sealed, step: step, of: id, write.connection)
            try replaceRecoveryCodes(recovery, of: id, write.connection)
            try Session.noteFactor(who.session.id, at: write.at, write.connection)
            try throttle.giveBack(Throttle.Count.code(of: id), write.connection)
            // Who signed in without a code may have been somebody else.
            try Session.endAll(of: id, but: who.session.id, write.connection)
        }
        return recovery
    }

    /// Makes new recovery codes; the former ones end.
    package func renewRecoveryCodes(code: String, of who: SignedIn) async throws(Failure) -> [String] {
        try await takeCode(code, of: who.user.id)
        let recovery = RecoveryCodes.make(random: random)
        try await records.engine.writing { connection throws(StorageFailure) in
            try replaceRecoveryCodes(recovery, of: who.user.id, connection)
        }
        return recovery
    }

    /// Switches codes off, which takes one of them, or a recovery code.
    package func removeCodes(code: String, of who: SignedIn) async throws(Failure) {
        try await takeCode(code, of: who.user.id)
        try await records.engine.writing { connection throws(StorageFailure) in
            try AccountSecrets.setCodes(nil, step: nil, of: who.user.id, connection)
            try replaceRecoveryCodes([], of: who.user.id, connection)
        }
    }

    func replaceRecoveryCodes(
        _ codes: [String],
        of user: Identifier,
        _ connection: any Connection
    ) throws(StorageFailure) {
        try connection.run("DELETE FROM \(Self.recovery) WHERE \(SQL.Name("user")) = \(.identifier(user))")
        for code in codes {
            guard let hash = RecoveryCodes.hash(of: code, account: user.description) else { continue }
            try connection.run(
                """
                INSERT INTO \(Self.recovery) (\(SQL.Name("user")), \(SQL.Name("code")))
                VALUES (\(.identifier(user)), \(.text(hash)))
                """
            )
        }
    }

    static let recovery = SQL.Name("_recovery_codes")
    private static let hasCodes = Failure(.conflict, "This account has codes already. Switch them off first.")

    static func codePurpose(_ user: Identifier) -> String { "totp:\(user)" }
    static let wrongCode = Failure.invalid([
        Fault("/code", .check, "is not the code of the moment, or was used already")
    ])
}
