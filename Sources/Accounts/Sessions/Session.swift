package import OffstageSchema
import OffstageStorage

/// What remembers who somebody is: a session that a sign-in opened, or an API key. Both are random tokens of which only the
/// hash is kept.
package struct Session: Hashable, Sendable {
    package enum Kind: String, Sendable {
        case session, key
    }

    package let id: Identifier
    package let user: Identifier
    package let kind: Kind
    /// What a key is called.
    package let name: String?
    /// What a key is for; nil for a session.
    package let scope: KeyScope?
    package let created: Timestamp
    /// About when it was last used; a use within some minutes of another is not written down.
    package let used: Timestamp
    package let expires: Timestamp?
    package let factorAt: Timestamp?
    package let address: String
    package let agent: String

    /// Without a use for so long, a session ends.
    static let idleAtMost: Duration = .seconds(30 * 86_400)
    /// However often it is used, it ends then (OWASP ASVS 5.0, section 7.3).
    package static let lifeAtMost: Duration = .seconds(180 * 86_400)
    /// A use is written down this long after the former one.
    static let useNoticed: Duration = .seconds(300)

    /// Sessions, and keys, that one account may have.
    static let atMost = 100

    private static let table = SQL.Name("_sessions")

    private static let columns: SQL = """
        \(SQL.Name("id")), \(SQL.Name("user")), \(SQL.Name("kind")), \(SQL.Name("name")), \(SQL.Name("scope")), \
        \(SQL.Name("created")), \(SQL.Name("used")), \(SQL.Name("expires")), \(SQL.Name("factor_at")), \
        \(SQL.Name("address")), \(SQL.Name("agent"))
        """

    private init(_ row: any Row) throws(StorageFailure) {
        guard case .identifier(let id) = try row.value(0, as: .identifier),
            case .identifier(let user) = try row.value(1, as: .identifier), let kind = Kind(rawValue: row.text(2))
        else { throw .damaged("a session is not what it should be") }
        self.id = id
        self.user = user
        self.kind = kind
        name = row.isNull(3) ? nil : row.text(3)
        scope = row.isNull(4) ? nil : KeyScope(kept: row.text(4))
        created = Timestamp(milliseconds: row.integer(5))
        used = Timestamp(milliseconds: row.integer(6))
        expires = row.isNull(7) ? nil : Timestamp(milliseconds: row.integer(7))
        factorAt = row.isNull(8) ? nil : Timestamp(milliseconds: row.integer(8))
        address = row.text(9)
        agent = row.text(10)
        // A key without a scope that can be read is for nothing.
        if kind == .key, scope == nil { throw .damaged("a key has no scope") }
    }

    /// The one of a token; nil when there is none, or it is over.
    static func find(
        _ token: String,
        at now: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) -> Session? {
        let found = try connection.first(
            "SELECT \(columns) FROM \(table) WHERE \(SQL.Name("token")) = \(.text(Token(token).hash))"
        ) { row throws(StorageFailure) in try Session(row) }
        guard let found, found.expires.map({ $0 > now }) ?? true else { return nil }
        return found
    }

    /// All of an account that are not over, the one that was used last first.
    static func all(
        _ kind: Kind,
        of user: Identifier,
        at now: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) -> [Session] {
        try connection.all(
            """
            SELECT \(columns) FROM \(table)
            WHERE \(SQL.Name("user")) = \(.identifier(user)) AND \(SQL.Name("kind")) = \(.text(kind.rawValue))
            AND (\(SQL.Name("expires")) IS NULL OR \(SQL.Name("expires")) > \(.datetime(now)))
            ORDER BY \(SQL.Name("used")) DESC, \(SQL.Name("id"))
            """
        ) { row throws(StorageFailure) in try Session(row) }
    }

    /// What a new one is.
    struct Opening {
        let id: Identifier
        let user: Identifier
        var kind = Kind.session
        var name: String?
        var scope: KeyScope?
        let at: Timestamp
        let expires: Timestamp?
        var factorAt: Timestamp?
        let address: String
        let agent: String
    }

    static func insert(
        _ new: Opening,
        _ token: Token,
        _ connection: any Connection
    ) throws(StorageFailure) {
        try connection.prune(table, key: SQL.Name("id"), at: new.at)
        try connection.run(
            """
            INSERT INTO \(table) (\(columns), \(SQL.Name("token")))
            VALUES (\(.identifier(new.id)), \(.identifier(new.user)), \(.text(new.kind.rawValue)),
            \(new.name.map(Value.text) ?? .null), \(new.scope.map { .text($0.kept) } ?? .null), \(.datetime(new.at)),
            \(.datetime(new.at)), \(new.expires.map(Value.datetime) ?? .null), \(new.factorAt.map(Value.datetime) ?? .null),
            \(.text(new.address)), \(.text(new.agent)), \(.text(token.hash)))
            """
        )
    }

    /// Ends the sessions of an account that were not used for longest, beyond those that it may have.
    static func endSurplus(
        of user: Identifier,
        at now: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) {
        for session in try all(.session, of: user, at: now, connection).dropFirst(atMost) {
            _ = try end(session.id, of: user, .session, connection)
        }
    }

    /// Notes a use, and lets the session live on.
    static func touch(
        _ session: Session,
        from address: String,
        at now: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) {
        let end = min(now.adding(idleAtMost), session.created.adding(lifeAtMost))
        let expires = session.kind == .key ? session.expires : end
        try connection.run(
            """
            UPDATE \(table) SET \(SQL.Name("used")) = \(.datetime(now)), \(SQL.Name("address")) = \(.text(address)),
            \(SQL.Name("expires")) = \(expires.map(Value.datetime) ?? .null)
            WHERE \(SQL.Name("id")) = \(.identifier(session.id))
            """
        )
    }

    static func noteFactor(
        _ session: Identifier,
        at now: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) {
        try connection.run(
            "UPDATE \(table) SET \(SQL.Name("factor_at")) = \(.datetime(now)) WHERE \(SQL.Name("id")) = \(.identifier(session))"
        )
    }

    /// Ends one of an account's.
    ///
    /// - Returns: whether there was one.
    static func end(
        _ id: Identifier,
        of user: Identifier,
        _ kind: Kind,
        _ connection: any Connection
    ) throws(StorageFailure) -> Bool {
        try connection.run(
            """
            DELETE FROM \(table) WHERE \(SQL.Name("id")) = \(.identifier(id)) AND \(SQL.Name("user")) = \(.identifier(user))
            AND \(SQL.Name("kind")) = \(.text(kind.rawValue))
            """
        ) == 1
    }

    /// Ends those of an account.
    ///
    /// - Parameter kept: the one that stays.
    static func endAll(
        of user: Identifier,
        but kept: Identifier? = nil,
        keys: Bool = false,
        _ connection: any Connection
    ) throws(StorageFailure) {
        var statement: SQL = "DELETE FROM \(table) WHERE \(SQL.Name("user")) = \(.identifier(user))"
        if !keys { statement += " AND \(SQL.Name("kind")) = \(.text(Kind.session.rawValue))" }
        if let kept { statement += " AND \(SQL.Name("id")) <> \(.identifier(kept))" }
        try connection.run(statement)
    }
}

extension KeyScope {
    /// `{"orders":["read","create"]}`
    package var json: JSON {
        .object(
            verbs.sorted { $0.key < $1.key }.map { name, verbs in
                JSON.Member(name, .array(Access.Verb.allCases.filter(verbs.contains).map { .string($0.rawValue) }))
            }
        )
    }

    fileprivate var kept: String {
        var writer = JSONWriter()
        writer.write(json)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    fileprivate init?(kept text: String) {
        guard let json = try? JSONParser.parse(text.utf8), case .object(let members) = json else { return nil }
        var verbs: [String: Set<Access.Verb>] = [:]
        for member in members {
            guard case .array(let words) = member.value else { return nil }
            verbs[member.name] = Set(
                words.compactMap { if case .string(let word) = $0 { Access.Verb(rawValue: word) } else { nil } }
            )
        }
        self.init(verbs)
    }
}
