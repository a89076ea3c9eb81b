import HTTPTypes
import OffstageAccounts
import OffstageMail
import OffstageRecords
import OffstageSchema

/// The addresses below /auth: for programs in JSON, for people as pages that work without script.
struct AuthDesk: Sendable {
    let accounts: Accounts
    let pages: Pages
    let origins: Origins

    var users: Collection {
        accounts.records.catalog.collection(Collection.usersName) ?? Collection.users()
    }

    /// Whoever asks, as the room of accounts knows it.
    func visit(_ request: IncomingRequest) -> Visit {
        Visit(
            address: request.address,
            household: TrustedProxies.household(of: request.address),
            agent: request.headers[.userAgent] ?? "",
            language: MailLanguage.best(request.headers[.language])
        )
    }

    /// The account of the request's session.
    ///
    /// - Throws: `.unauthenticated` for anybody else, `.forbidden` for a key: what a key may do is in its scope, and a key that
    ///   could manage its account could make itself a wider one.
    func signedIn(_ request: IncomingRequest) throws(Failure) -> SignedIn {
        if let failure = request.credentialFailure { throw failure }
        guard let who = request.sender.signedIn else {
            throw Failure(.unauthenticated, "Sign in first.")
        }
        guard !who.isKey else {
            throw Failure(.forbidden, "An API key can't manage its account. Sign in for that.")
        }
        return who
    }

    /// The session that a sign-in replaces.
    func former(_ request: IncomingRequest) -> Session? {
        request.sender.signedIn.flatMap { $0.isKey ? nil : $0.session }
    }

    /// Whether a person with a browser asks.
    func isPage(_ request: IncomingRequest) -> Bool {
        Accept(request.headers).best(of: ["application/json", "text/html"]) == "text/html"
    }

    /// Refuses what another site's page sends: it could sign people in as somebody else. A page on a listed origin may, for a
    /// session that it carries by itself.
    func requireOrigin(_ request: IncomingRequest) throws(Failure) {
        if request.sender.hasCookie || isPage(request) {
            guard origins.isSame(request) else {
                throw Failure(.forbidden, "This takes requests from pages of this site only.")
            }
        } else {
            guard origins.allows(request) else {
                throw Failure(.forbidden, "This takes requests from pages of this site and its listed origins only.")
            }
        }
    }

    /// The account's record as the interface shows it to itself.
    func record(_ user: Record) async throws(Failure) -> [UInt8] {
        let records = accounts.records
        let principal = Principal.account(Account(id: user.id, address: "", fields: fields(of: user)))
        let view = records.view(of: users, for: principal)
        guard let seen = try await records.seen(user.id, view) else { throw .notFound }
        return records.json(of: users).bytes(seen)
    }

    private func fields(of user: Record) -> [String: Value] {
        Dictionary(zip(users.fields.map(\.name), user.values), uniquingKeysWith: { first, _ in first })
    }

    /// Where to go after something, as the request says it: a path of this site and nothing else.
    static func path(_ text: String?) -> String? {
        guard let text, text.utf8.count <= 2000, text.hasPrefix("/"), !text.hasPrefix("//"),
            !text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7f || $0 == "\\" })
        else { return nil }
        return text
    }
}
