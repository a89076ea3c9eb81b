import OffstageMail
package import OffstageRecords
package import OffstageSchema
import OffstageStorage

/// Who asks: accounts, what proves who somebody is, and the sessions that remember it.
///
/// An account is a record of the collection `users`, so rules, history and the interface treat it as any other. Its secrets
/// live in tables of their own, which nothing but this room reads.
package struct Accounts: Sendable {
    package let records: Records
    package let passwords: PasswordHasher
    let users: Collection
    let tokens: TokenSource
    let random: @Sendable (Int) -> [UInt8]
    let sealing: Sealing
    let desk: MailDesk
    let throttle: Throttle
    let providers: [String: ProviderClient]
    /// The public address of the app, `https://shop.example`: what links in mails start with, whatever a request called it.
    package let base: @Sendable () -> String

    package var settings: AccountSettings { records.catalog.accounts }
    package var siteName: String { records.catalog.name }
    package var now: @Sendable () -> Timestamp { throttle.now }

    /// - Parameters:
    ///   - random: as many unpredictable bytes as it is asked for; tests give their own.
    ///   - providers: by their names in the app file.
    package init(
        records: Records,
        users: Collection,
        passwords: PasswordHasher,
        random: @escaping @Sendable (Int) -> [UInt8] = RandomBytes.system,
        sealing: Sealing,
        desk: MailDesk,
        providers: [String: ProviderClient] = [:],
        base: @escaping @Sendable () -> String,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.records = records
        self.users = users
        self.passwords = passwords
        self.random = random
        tokens = TokenSource(random: random)
        self.sealing = sealing
        self.desk = desk
        self.providers = providers
        self.base = base
        throttle = Throttle(engine: records.engine, now: now)
    }
}

/// From where somebody asks, and how they would like to be written to.
package struct Visit: Sendable {
    package let address: String
    /// What limits count by: see `TrustedProxies.household`.
    package let household: String
    /// What the client calls itself, for the list of sessions.
    package let agent: String
    /// `en`, `de`: of those that mails are written in.
    package let language: String

    private static let agentBytes = 300

    package init(address: String, household: String, agent: String, language: String) {
        self.address = address
        self.household = household
        self.agent = String(decoding: agent.utf8.prefix(Self.agentBytes), as: UTF8.self)
        self.language = language
    }
}

extension Accounts {
    /// The value of a field of an account.
    func value(_ field: String, of user: Record) -> Value {
        guard let position = users.position(of: field), user.values.indices.contains(position) else { return .null }
        return user.values[position]
    }

    func text(_ field: String, of user: Record) -> String {
        if case .text(let text) = value(field, of: user) { text } else { "" }
    }

    /// The mail address of an account, for its own pages.
    package func email(of who: SignedIn) -> String { text("email", of: who.user) }

    /// Whether the account has proven that this address is its own.
    package func isVerified(_ who: SignedIn) -> Bool { flag("verified", of: who.user) }

    package func role(of who: SignedIn) -> TeamRole { role(of: who.user) }

    func flag(_ field: String, of user: Record) -> Bool {
        value(field, of: user) == .boolean(true)
    }

    func role(of user: Record) -> TeamRole {
        TeamRole(rawValue: text("team", of: user)) ?? .none
    }

    /// The account as rules see it.
    func account(_ user: Record, from address: String, factorAt: Timestamp?, scope: KeyScope?) -> Account {
        var fields: [String: Value] = ["created": .datetime(user.created)]
        for (field, value) in zip(users.fields, user.values) { fields[field.name] = value }
        return Account(id: user.id, address: address, fields: fields, factorAt: factorAt, scope: scope)
    }

    /// The account with a mail address, without regard to case.
    func user(email: String, _ connection: any Connection) throws(StorageFailure) -> Record? {
        guard let field = users.field("email") else { return nil }
        return try records.whole(of: users, where: field, is: .text(Self.lowered(email)), connection).first
    }

    /// Letters beyond ASCII were made small when the address was read: see `EmailKind`.
    static func lowered(_ email: String) -> String {
        String(
            decoding: email.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0 },
            as: UTF8.self
        )
    }

    /// A mail address as it is kept, or a fault that belongs to a field.
    static func email(_ text: String, pointer: String = "/email") throws(Failure) -> String {
        do throws(Fault) {
            guard case .text(let email) = try EmailKind().read(text: text) else {
                throw Fault("", .email, "must be an e-mail address")
            }
            return email
        } catch {
            throw .invalid([Fault(pointer, error.code, error.message)])
        }
    }
}
