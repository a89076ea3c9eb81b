import OffstageAccounts
import OffstageTemplates

extension AuthDesk {
    /// GET /auth/totp
    func codesPage(isOn: Bool, recoveryCodes: Int, _ who: SignedIn) -> Reply {
        pages.reply(
            200,
            "totp",
            [
                "title": "Codes for signing in", "is_on": .flag(isOn),
                "recovery_codes": .text(Self.count(recoveryCodes, "recovery code")),
                "are_few": .flag(recoveryCodes <= Self.recoveryCodesAreFew),
            ]
        )
    }

    /// With so many left or fewer, the page says that new ones are due.
    private static let recoveryCodesAreFew = 2

    /// After codes were switched on, or new recovery codes made.
    func recoveryCodesPage(_ codes: [String]) -> Reply {
        pages.reply(
            200,
            "recovery-codes",
            [
                "title": "Your recovery codes", "site": .text(accounts.siteName),
                "codes": .list(codes.map { .object(["code": .text($0)]) }),
            ]
        )
    }
}
