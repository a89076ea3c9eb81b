import HTTPTypes
import OffstageAccounts
import OffstageSchema
import OffstageTemplates

/// What a request to /auth came to, before it is known whether a program or a person reads it.
struct AuthAnswer {
    enum Page {
        /// Where the browser goes next.
        case leads(to: String)
        /// That something was done, in a sentence.
        case says(title: String, String, next: String = "/auth/me")
        /// A page of its own.
        case shows(Reply)
    }

    var status: HTTPResponse.Status = .ok
    /// For a program; nothing with 204.
    var json: [UInt8]?
    var cookies: [HTTPField] = []
    var page: Page

    static func done(_ page: Page) -> AuthAnswer { AuthAnswer(status: .noContent, page: page) }

    /// That something was begun which goes on elsewhere, by mail; the same whether there is an account or not.
    static func accepted(_ page: Page) -> AuthAnswer {
        AuthAnswer(status: .accepted, json: Array("{}".utf8), page: page)
    }
}

extension AuthDesk {
    func reply(_ answer: AuthAnswer, isPage: Bool) -> Reply {
        var reply: Reply
        switch answer.page {
        case _ where !isPage:
            reply = answer.json.map { Reply(answer.status, .json, $0) } ?? Reply(answer.status)
        case .leads(let location): reply = Reply(.seeOther, headers: [.location: location])
        case .says(let title, let text, let next):
            reply = pages.reply(200, "done", ["title": .text(title), "text": .text(text), "next": .text(next)])
        case .shows(let page): reply = page
        }
        for cookie in answer.cookies { reply.headers.append(cookie) }
        return reply
    }

    /// What a sign-in came to.
    ///
    /// - Parameter hasReturned: whether the browser comes back from a provider, which is another site, with the secret that
    ///   it was given here.
    func answer(
        _ outcome: SignInOutcome,
        _ request: IncomingRequest,
        status: HTTPResponse.Status = .ok,
        next: String? = nil,
        hasReturned: Bool = false
    ) async throws(Failure) -> AuthAnswer {
        switch outcome {
        case .needsCode(let ticket, let expires):
            var writer = JSONWriter()
            writer.write(
                JSON.object([
                    .init("needs", .string("totp")), .init("ticket", .string(ticket)),
                    .init("expires", .string(expires.description)),
                ])
            )
            let after = next.map { "&next=\(PercentEncoding.encode($0))" } ?? ""
            return AuthAnswer(json: writer.bytes, page: .leads(to: "/auth/totp?ticket=\(ticket)\(after)"))
        case .opened(let session):
            var writer = JSONWriter(capacity: 512)
            writer.raw("{\"token\":")
            writer.write(session.token)
            writer.raw(",\"expires\":")
            writer.write(session.expires)
            writer.raw(",\"user\":")
            writer.raw(try await record(session.user))
            writer.raw("}")
            var answer = AuthAnswer(status: status, json: writer.bytes, page: .leads(to: next ?? "/auth/me"))
            // A page on another origin carries its token by itself.
            if hasReturned || origins.isSame(request) {
                answer.cookies.append(
                    SessionCookie.set(session, for: request, siteIsSecure: origins.siteIsSecure)
                )
            }
            return answer
        }
    }
}
