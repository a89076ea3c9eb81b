import OffstageAccounts
import OffstageSchema
import OffstageTemplates

/// The pages of an account: what there is, and the way to change it.
extension AuthDesk {
    /// GET /auth/me
    func accountPage(_ request: IncomingRequest) async throws(Failure) -> Reply {
        _ = try signedIn(request)
        return pages.reply(200, "done", ["title": "Your account", "text": "", "next": "/"])
    }

    /// GET /auth/sessions
    func sessionsPage(_ sessions: [Session], _ who: SignedIn) -> Reply {
        pages.reply(200, "done", ["title": "Sessions", "text": "", "next": "/auth/me"])
    }

    /// GET /auth/totp
    func codesPage(isOn: Bool, recoveryCodes: Int, _ who: SignedIn) -> Reply {
        pages.reply(200, "done", ["title": "Codes", "text": "", "next": "/auth/me"])
    }

    /// After codes were switched on, or new recovery codes made.
    func recoveryCodesPage(_ codes: [String]) -> Reply {
        pages.reply(200, "done", ["title": "Recovery codes", "text": "", "next": "/auth/me"])
    }

    /// GET /auth/passkeys
    func passkeysPage(_ passkeys: [Passkey], _ who: SignedIn) -> Reply {
        pages.reply(200, "done", ["title": "Passkeys", "text": "", "next": "/auth/me"])
    }

    /// GET /auth/keys
    func keysPage(_ keys: [Session], _ who: SignedIn) -> Reply {
        pages.reply(200, "done", ["title": "Keys", "text": "", "next": "/auth/me"])
    }

    /// GET /auth/keys again, with what is wrong with a new key.
    func keyPage(_ request: IncomingRequest, _ failure: Failure?) async throws(Failure) -> Reply {
        pages.reply(200, "done", ["title": "Keys", "text": "", "next": "/auth/me"])
    }

    /// After a key was made.
    func newKeyPage(_ made: Accounts.NewKey) -> Reply {
        pages.reply(200, "done", ["title": "Key", "text": .text(made.token), "next": "/auth/me"])
    }
}
