import HTTPTypes
import OffstageMail
import OffstageAccounts
import OffstageSchema
import OffstageTemplates

/// /dev/mail: the mails that were kept since there is no mail server. For whoever sits at the machine, and nobody else: the
/// mails hold links that sign people in.
extension WebApp {
    private static let shown = 50

    func devMail(_ request: IncomingRequest) async throws(Failure) -> Reply {
        guard showsMail, Self.isFromHere(request), let accounts = auth?.accounts else { throw .notFound }
        let path = Array(request.path.dropFirst(2))
        switch path.count {
        case 0:
            let mails = try await accounts.keptMails(atMost: Self.shown)
            var reply = pages.reply(200, "mails", ["title": "Mail", "mails": .list(mails.map(Self.data))])
            reply.headers[.cacheControl] = "no-store"
            return reply
        case 1, 2:
            guard let id = Identifier(path[0]), path.count == 1 || path[1] == "html" else { throw .notFound }
            let mail = try await accounts.keptMail(id)
            return path.count == 1 ? page(mail) : Self.html(mail)
        default: throw .notFound
        }
    }

    /// From this machine, to this machine, and through no proxy.
    private static func isFromHere(_ request: IncomingRequest) -> Bool {
        let forwarded = ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via"]
            .compactMap { HTTPField.Name($0) }
        return Loopback.isNamed(by: request.address) && SessionCookie.isLocal(request.authority)
            && !forwarded.contains { request.headers.contains($0) }
    }

    private func page(_ mail: StoredMail) -> Reply {
        var data: [String: TemplateValue] = ["title": .text(mail.subject)]
        if case .object(let members) = Self.data(mail) { data.merge(members) { first, _ in first } }
        data["text"] = .text(mail.text)
        var reply = pages.reply(200, "mail", data, framing: true)
        reply.headers[.cacheControl] = "no-store"
        return reply
    }

    private static func data(_ mail: StoredMail) -> TemplateValue {
        .object([
            "id": .text(mail.id.description), "subject": .text(mail.subject), "to": .text(mail.to),
            "at": MomentWords.day(mail.at),
        ])
    }

    /// The HTML part as a mail program shows it: its own styles, and nothing that runs or loads. Its links open outside of the
    /// frame.
    private static func html(_ mail: StoredMail) -> Reply {
        var reply = Reply(.ok, .html, Array("<base target=\"_top\">\(mail.html)".utf8))
        reply.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
            + "sandbox allow-top-navigation-by-user-activation"
        reply.headers[.referrerPolicy] = "no-referrer"
        reply.headers[.cacheControl] = "no-store"
        return reply
    }
}
