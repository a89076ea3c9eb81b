import HTTPTypes
import OffstageAccounts
import OffstageSchema

extension AuthDesk {
    /// /auth/sessions
    func sessions(_ path: [String], _ request: IncomingRequest) async throws(Failure) -> Reply {
        switch (path.count, request.method) {
        case (0, .get), (0, .head):
            try request.query.allow([])
            let who = try signedIn(request)
            let sessions = try await accounts.sessions(of: who)
            if isPage(request) { return sessionsPage(sessions, who) }
            return Reply(.ok, .json, Self.list(sessions.map { Self.json($0, isCurrent: $0.id == who.session.id) }))
        case (0, .delete), (0, .post):
            return try await acting(request) { () throws(Failure) in
                try await accounts.endOtherSessions(of: try signedIn(request))
                return .done(.leads(to: "/auth/sessions"))
            }
        // A page's form has no other method than POST.
        case (1, .delete), (1, .post):
            return try await acting(request) { () throws(Failure) in
                let who = try signedIn(request)
                let id = try identifier(path[0])
                try await accounts.endSession(id, of: who)
                var answer = AuthAnswer.done(.leads(to: "/auth/sessions"))
                if id == who.session.id {
                    answer.page = .leads(to: "/")
                    answer.cookies.append(SessionCookie.clear(for: request, siteIsSecure: origins.siteIsSecure))
                }
                return answer
            }
        case (0, _): return Problem.methodNotAllowed([.get, .head, .post, .delete], request)
        case (1, _): return Problem.methodNotAllowed([.post, .delete], request)
        default: throw .notFound
        }
    }

    private static func json(_ session: Session, isCurrent: Bool) -> JSON {
        .object([
            .init("id", .string(session.id.description)), .init("created", .string(session.created.description)),
            .init("used", .string(session.used.description)),
            .init("expires", session.expires.map { .string($0.description) } ?? .null),
            .init("address", .string(session.address)), .init("agent", .string(session.agent)),
            .init("current", .boolean(isCurrent)),
        ])
    }

    static func list(_ items: [JSON]) -> [UInt8] {
        var writer = JSONWriter()
        writer.write(JSON.object([.init("items", .array(items))]))
        return writer.bytes
    }

    static func bytes(_ json: JSON) -> [UInt8] {
        var writer = JSONWriter()
        writer.write(json)
        return writer.bytes
    }
}
