import OffstageSchema
import OffstageStorage

/// What is kept of an account beside its record: the hash of its password, the sealed secret of its codes, and the language
/// that it is written to in.
struct AccountSecrets: Sendable {
    var password: String?
    var language: String
    /// The sealed secret of the codes; nil until an authenticator was confirmed.
    var totp: String?
    /// The step of the last code that was taken, so that none is taken twice.
    var totpStep: Int64?

    private static let table = SQL.Name("_accounts")
    private static let user = SQL.Name("user")

    /// - Parameter locking: whether nobody else may change them until the transaction ends.
    static func read(
        _ user: Identifier,
        _ connection: any Connection,
        locking: Bool = false
    ) throws(StorageFailure) -> AccountSecrets? {
        var statement: SQL = """
            SELECT \(SQL.Name("password")), \(SQL.Name("language")), \(SQL.Name("totp")), \(SQL.Name("totp_step"))
            FROM \(table) WHERE \(Self.user) = \(.identifier(user))
            """
        if locking { statement += connection.dialect.lockingRead }
        return try connection.first(statement) { row in
            AccountSecrets(
                password: row.isNull(0) ? nil : row.text(0),
                language: row.text(1),
                totp: row.isNull(2) ? nil : row.text(2),
                totpStep: row.isNull(3) ? nil : row.integer(3)
            )
        }
    }

    static func insert(
        _ user: Identifier,
        password: String?,
        language: String,
        _ connection: any Connection
    ) throws(StorageFailure) {
        try connection.run(
            """
            INSERT INTO \(table) (\(Self.user), \(SQL.Name("password")), \(SQL.Name("language")))
            VALUES (\(.identifier(user)), \(password.map(Value.text) ?? .null), \(.text(language)))
            """
        )
    }

    /// An account that the team imported has none yet.
    private static func change(
        _ user: Identifier,
        _ column: SQL.Name,
        _ value: Value,
        _ connection: any Connection
    ) throws(StorageFailure) {
        if try read(user, connection) == nil { try insert(user, password: nil, language: "en", connection) }
        try connection.run("UPDATE \(table) SET \(column) = \(value) WHERE \(Self.user) = \(.identifier(user))")
    }

    static func setPassword(
        _ hash: String?,
        of user: Identifier,
        _ connection: any Connection
    ) throws(StorageFailure) {
        try change(user, SQL.Name("password"), hash.map(Value.text) ?? .null, connection)
    }

    /// Replaces a hash only where it is still the one that was looked at.
    static func rehash(
        _ former: String,
        to hash: String,
        of user: Identifier,
        _ connection: any Connection
    ) throws(StorageFailure) {
        try connection.run(
            """
            UPDATE \(table) SET \(SQL.Name("password")) = \(.text(hash))
            WHERE \(Self.user) = \(.identifier(user)) AND \(SQL.Name("password")) = \(.text(former))
            """
        )
    }

    static func setLanguage(
        _ language: String,
        of user: Identifier,
        _ connection: any Connection
    ) throws(StorageFailure) {
        try change(user, SQL.Name("language"), .text(language), connection)
    }

    /// - Parameter step: of the code that confirmed it, which is used up with that.
    static func setCodes(
        _ sealed: String?,
        step: Int64?,
        of user: Identifier,
        _ connection: any Connection
    ) throws(StorageFailure) {
        try change(user, SQL.Name("totp"), sealed.map(Value.text) ?? .null, connection)
        try change(user, SQL.Name("totp_step"), step.map(Value.integer) ?? .null, connection)
    }

    /// Uses a code's step up.
    ///
    /// - Returns: false when another request used it, or a later one, in the meantime.
    static func use(
        step: Int64,
        of user: Identifier,
        _ connection: any Connection
    ) throws(StorageFailure) -> Bool {
        let column = SQL.Name("totp_step")
        return try connection.run(
            """
            UPDATE \(table) SET \(column) = \(.integer(step))
            WHERE \(Self.user) = \(.identifier(user)) AND (\(column) IS NULL OR \(column) < \(.integer(step)))
            """
        ) == 1
    }

    /// Everything that proves who an account is, gone with it.
    static func removeAll(of user: Identifier, _ connection: any Connection) throws(StorageFailure) {
        for table in ["_accounts", "_sessions", "_tickets", "_passkeys", "_recovery_codes", "_identities"] {
            try connection.run("DELETE FROM \(SQL.Name(stored: table)) WHERE \(Self.user) = \(.identifier(user))")
        }
    }

    /// What lets somebody in beside the password and the codes: passkeys, keys, connections with providers.
    static func removeWaysIn(of user: Identifier, _ connection: any Connection) throws(StorageFailure) {
        for table in ["_passkeys", "_identities"] {
            try connection.run("DELETE FROM \(SQL.Name(stored: table)) WHERE \(Self.user) = \(.identifier(user))")
        }
        for key in try Session.all(.key, of: user, at: .earliest, connection) {
            _ = try Session.end(key.id, of: user, .key, connection)
        }
    }

    /// What somebody may have left in an account whose mail address was never proven, before its real owner came: all but the
    /// account itself.
    static func removeWhatWasNotProven(of user: Identifier, _ connection: any Connection) throws(StorageFailure) {
        try setPassword(nil, of: user, connection)
        try setCodes(nil, step: nil, of: user, connection)
        for table in ["_sessions", "_tickets", "_passkeys", "_recovery_codes", "_identities"] {
            try connection.run("DELETE FROM \(SQL.Name(stored: table)) WHERE \(Self.user) = \(.identifier(user))")
        }
    }
}
