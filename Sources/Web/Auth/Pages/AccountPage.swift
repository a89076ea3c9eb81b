import HTTPTypes
import OffstageAccounts
import OffstageSchema
import OffstageTemplates

extension AuthDesk {
    /// GET /auth/me, and again with what was written and what is wrong with it.
    func accountPage(
        _ request: IncomingRequest,
        _ sent: Input? = nil,
        _ failure: Failure? = nil
    ) async throws(Failure) -> Reply {
        try request.query.allow(["saved"])
        let who = try signedIn(request)
        let role = accounts.role(of: who)
        var data: [String: TemplateValue] = [
            "title": "Your account", "email": .text(accounts.email(of: who)),
            "is_verified": .flag(accounts.isVerified(who)),
            "is_saved": .flag(failure == nil && request.query["saved"] != nil),
            "team": .text(role == .none ? "" : role.rawValue),
            "fields": .list(controls(profileFields, request, sent, failure)),
        ]
        data.merge(try await waysIn(who)) { first, _ in first }
        data.merge(Self.marks([], profileFields)) { first, _ in first }
        data.merge(Self.faults(failure, labels: labels([], profileFields))) { first, _ in first }
        return reply("account", data, failure)
    }

    /// How the account signs in, and where it is signed in.
    private func waysIn(_ who: SignedIn) async throws(Failure) -> [String: TemplateValue] {
        let (hasCodes, recoveryCodes) = try await accounts.codes(of: who)
        let passkeys = try await accounts.passkeys(of: who).count
        let sessions = try await accounts.sessions(of: who).count
        let keys = try await accounts.keys(of: who).count
        let providers = try await providers(of: who)
        return [
            "has_password": .flag(try await accounts.hasPassword(who)),
            "codes": .text(hasCodes ? "On, with \(Self.count(recoveryCodes, "recovery code")) left" : "Off"),
            "passkeys": .text(passkeys == 0 ? "None" : Self.count(passkeys, "passkey")),
            "sessions": .text(sessions == 1 ? "This one alone" : Self.count(sessions, "session")),
            "keys": .text(keys == 0 ? "None" : Self.count(keys, "key")),
            "providers": .list(providers),
        ]
    }

    private func providers(of who: SignedIn) async throws(Failure) -> [TemplateValue] {
        let identities = try await accounts.identities(of: who)
        return accounts.settings.providers.map { provider in
            let identity = identities.first { $0.provider == provider.name }
            return .object([
                "label": .text(provider.label), "href": .text("/auth/with/\(provider.name)"),
                "connect": .text("/auth/with/\(provider.name)/connect"),
                "is_connected": .flag(identity != nil), "identity": .text(identity?.email ?? ""),
            ])
        }
    }

    /// `1 key`, `2 keys`
    static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
