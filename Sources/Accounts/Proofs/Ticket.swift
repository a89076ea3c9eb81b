import OffstageSchema
import OffstageStorage

/// A secret that works once and for a while: the link of a mail, the challenge of a passkey, the state of a sign-in with a
/// provider. Only its hash is kept.
struct Ticket: Sendable {
    enum Purpose: String, Sendable {
        case verify
        /// A new mail address; `data` holds it.
        case email
        case reset
        case link
        /// An invitation; `data` holds the mail address, or none, and what the account becomes.
        case invite
        /// A sign-in that has shown its password and lacks its code.
        case code
        /// A secret of codes that is not confirmed yet; `data` holds it, sealed.
        case totp
        case passkeyRegistration = "passkey-registration"
        case passkeySignIn = "passkey-sign-in"
        case provider

        var validity: Duration {
            switch self {
            case .verify, .invite: .seconds(7 * 86_400)
            case .email: .seconds(86_400)
            case .reset: .seconds(3600)
            case .link, .totp, .provider: .seconds(900)
            case .code, .passkeyRegistration, .passkeySignIn: .seconds(300)
            }
        }
    }

    let purpose: Purpose
    let user: Identifier?
    let data: JSON
    let expires: Timestamp

    private static let table = SQL.Name("_tickets")

    /// Makes one; its token goes to whoever is to prove something with it.
    static func issue(
        _ purpose: Purpose,
        _ token: Token,
        for user: Identifier?,
        data: JSON = .object([]),
        at now: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) {
        try connection.prune(table, key: SQL.Name("token"), at: now)
        var writer = JSONWriter()
        writer.write(data)
        try connection.run(
            """
            INSERT INTO \(table) (\(SQL.Name("token")), \(SQL.Name("purpose")), \(SQL.Name("user")), \(SQL.Name("data")),
            \(SQL.Name("created")), \(SQL.Name("expires")))
            VALUES (\(.text(token.hash)), \(.text(purpose.rawValue)), \(user.map(Value.identifier) ?? .null),
            \(.text(String(decoding: writer.bytes, as: UTF8.self))), \(.datetime(now)),
            \(.datetime(now.adding(purpose.validity))))
            """
        )
    }

    /// Looks at one without using it up; nil when there is none, or it is over.
    static func find(
        _ purpose: Purpose,
        _ token: String,
        at now: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) -> Ticket? {
        let found = try connection.first(
            """
            SELECT \(SQL.Name("user")), \(SQL.Name("data")), \(SQL.Name("expires")) FROM \(table)
            WHERE \(SQL.Name("token")) = \(.text(Token(token).hash)) AND \(SQL.Name("purpose")) = \(.text(purpose.rawValue))
            """
        ) { row throws(StorageFailure) in
            var user: Identifier?
            if case .identifier(let id) = try row.value(0, as: .identifier) { user = id }
            return Ticket(
                purpose: purpose,
                user: user,
                data: (try? JSONParser.parse(row.text(1).utf8)) ?? .null,
                expires: Timestamp(milliseconds: row.integer(2))
            )
        }
        guard let found, found.expires > now else { return nil }
        return found
    }

    /// Uses one up: of several that try at once, one gets it.
    static func redeem(
        _ purpose: Purpose,
        _ token: String,
        at now: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) -> Ticket? {
        guard let found = try find(purpose, token, at: now, connection) else { return nil }
        let taken = try connection.run(
            "DELETE FROM \(table) WHERE \(SQL.Name("token")) = \(.text(Token(token).hash))"
        )
        return taken == 1 ? found : nil
    }

    /// Takes back those of an account for a purpose, such as former links once a newer one was asked for.
    static func revoke(
        _ purpose: Purpose,
        of user: Identifier,
        _ connection: any Connection
    ) throws(StorageFailure) {
        try connection.run(
            """
            DELETE FROM \(table) WHERE \(SQL.Name("user")) = \(.identifier(user))
            AND \(SQL.Name("purpose")) = \(.text(purpose.rawValue))
            """
        )
    }

    /// Takes back all of an account's, once what they rest on has changed: a link that was asked for before must not undo it.
    static func revokeAll(of user: Identifier, _ connection: any Connection) throws(StorageFailure) {
        try connection.run("DELETE FROM \(table) WHERE \(SQL.Name("user")) = \(.identifier(user))")
    }

    /// Takes back invitations of a mail address, or those that are nobody's.
    static func revokeInvitations(of email: String?, _ connection: any Connection) throws(StorageFailure) {
        let purpose = Purpose.invite.rawValue
        let all = try connection.all(
            """
            SELECT \(SQL.Name("token")), \(SQL.Name("data")) FROM \(table)
            WHERE \(SQL.Name("purpose")) = \(.text(purpose))
            """
        ) { (token: $0.text(0), data: $0.text(1)) }
        for invitation in all {
            guard let data = try? JSONParser.parse(invitation.data.utf8) else { continue }
            var invited: String?
            if case .string(let text)? = data["email"] { invited = Accounts.lowered(text) }
            guard invited == email.map(Accounts.lowered) else { continue }
            try connection.run("DELETE FROM \(table) WHERE \(SQL.Name("token")) = \(.text(invitation.token))")
        }
    }

    /// A text in its data.
    func text(_ name: String) -> String? {
        if case .string(let text)? = data[name] { text } else { nil }
    }

    /// What somebody is told whose link does not work.
    static let spent = Failure(
        .unauthenticated,
        "This link was used already, or its time is over. Ask for a new one."
    )
}

extension JSON {
    /// A member of an object.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}
