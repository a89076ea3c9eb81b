import OffstageAccounts
import OffstageSchema
import OffstageTemplates

extension AuthDesk {
    /// GET /auth/passkeys
    func passkeysPage(_ passkeys: [Passkey], _ who: SignedIn) async throws(Failure) -> Reply {
        let now = accounts.now()
        let items = passkeys.map { passkey in
            TemplateValue.object([
                "id": .text(passkey.id.description), "name": .text(passkey.name),
                "created": MomentWords.day(passkey.created),
                "used": passkey.used.map { MomentWords.ago($0, at: now) } ?? .flag(false),
                "is_backed_up": .flag(passkey.isBackedUp),
            ])
        }
        let name = AuthField(
            name: "name",
            label: "What do you call it?",
            autocomplete: "off",
            help: "Such as “My phone”, so that you know it again.",
            isRequired: false,
            attributes: [("maxlength", "100")]
        )
        let fields = [name] + (try await currentPassword(of: who))
        var data: [String: TemplateValue] = [
            "title": "Passkeys", "passkeys": .list(items), "fields": .list(controls(fields, nil, nil)),
        ]
        data.merge(Self.marks(fields)) { first, _ in first }
        return reply("passkeys", data, nil, withScript: true)
    }
}
