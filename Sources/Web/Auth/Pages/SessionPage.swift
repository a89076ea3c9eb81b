import OffstageAccounts
import OffstageSchema
import OffstageTemplates

extension AuthDesk {
    /// GET /auth/sessions
    func sessionsPage(_ sessions: [Session], _ who: SignedIn) -> Reply {
        let now = accounts.now()
        // The one that looks at the page comes first.
        let ordered = sessions.filter { $0.id == who.session.id } + sessions.filter { $0.id != who.session.id }
        let items = ordered.map { session in
            TemplateValue.object([
                "id": .text(session.id.description), "device": .text(DeviceWords.of(agent: session.agent)),
                "address": .text(session.address), "is_current": .flag(session.id == who.session.id),
                "used": MomentWords.ago(session.used, at: now), "created": MomentWords.day(session.created),
            ])
        }
        return pages.reply(
            200,
            "sessions",
            ["title": "Sessions", "sessions": .list(items), "has_others": .flag(sessions.count > 1)]
        )
    }
}
