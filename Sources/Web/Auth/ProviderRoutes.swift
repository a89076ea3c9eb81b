import HTTPTypes
import OffstageAccounts
import OffstageSchema

extension AuthDesk {
    /// /auth/with/{provider}
    func providers(_ path: [String], _ request: IncomingRequest) async throws(Failure) -> Reply {
        switch (path.count, request.method) {
        case (0, .get), (0, .head):
            let items = accounts.settings.providers.map { provider in
                JSON.object([
                    .init("name", .string(provider.name)), .init("label", .string(provider.label)),
                    .init("href", .string("/auth/with/\(provider.name)")),
                ])
            }
            return Reply(.ok, .json, Self.list(items))
        case (1, .get): return try await depart(path[0], request)
        // A page's form has no other method than POST.
        case (1, .delete), (1, .post):
            return try await acting(request) { () throws(Failure) in
                try await accounts.unlink(path[0], of: try signedIn(request))
                return .done(.leads(to: "/auth/me"))
            }
        case (2, _) where path[1] == "connect":
            guard accounts.settings.provider(path[0]) != nil else { throw .notFound }
            return try await form(.connect, request, connect)
        case (2, .get) where path[1] == "callback": return try await arrive(path[0], request)
        case (0, _): return Problem.methodNotAllowed([.get, .head], request)
        case (1, _): return Problem.methodNotAllowed([.get, .post, .delete], request)
        case (2, _) where path[1] == "callback": return Problem.methodNotAllowed([.get], request)
        default: throw .notFound
        }
    }

    /// GET /auth/with/{provider}: off to the provider's page.
    private func depart(_ name: String, _ request: IncomingRequest) async throws(Failure) -> Reply {
        try request.query.allow([])
        // Who is signed in signs in anew: any page may lead a browser here, and must not connect anything by that.
        let departure = try await accounts.depart(to: name, linking: nil, from: visit(request))
        var reply = Reply(.seeOther, headers: [.location: departure.location])
        reply.headers.append(
            SessionCookie.setProvider(departure.browser, for: request, siteIsSecure: origins.siteIsSecure)
        )
        return reply
    }

    /// POST /auth/with/{provider}/connect: connects the account with one of the provider, whose page is next.
    private func connect(_ input: inout AuthInput, _ request: IncomingRequest) async throws(Failure) -> AuthAnswer {
        let who = try signedIn(request)
        let password = input.optional("password")
        try input.finish()
        let name = request.path[2]
        let departure = try await accounts.depart(to: name, linking: who, password: password, from: visit(request))
        let label = accounts.settings.provider(name)?.label ?? name
        var answer = AuthAnswer(
            json: Self.bytes(.object([.init("location", .string(departure.location))])),
            page: .says(
                title: "On to \(label)",
                "Agree there, and your account here is connected with the one there.",
                next: departure.location
            )
        )
        answer.cookies.append(
            SessionCookie.setProvider(departure.browser, for: request, siteIsSecure: origins.siteIsSecure)
        )
        return answer
    }

    /// GET /auth/with/{provider}/callback: back from there. The provider decides which parameters come along.
    private func arrive(_ name: String, _ request: IncomingRequest) async throws(Failure) -> Reply {
        guard let state = request.query["state"] else {
            throw Failure(.malformed, "The parameter \"state\" is missing: begin at /auth/sign-in.")
        }
        guard let code = request.query["code"] else {
            let reason = request.query["error"] == "access_denied" ? "You did not agree there." : "It gave no code."
            throw Failure(.unauthenticated, "The provider did not sign you in. \(reason)")
        }
        let arrival = try await accounts.arrive(
            from: name,
            state: state,
            code: code,
            issuer: request.query["iss"],
            browser: SessionCookie.providerSecret(in: request),
            who: request.sender.signedIn,
            visit(request)
        )
        var answer: AuthAnswer
        switch arrival {
        case .linked: answer = .done(.leads(to: "/auth/me"))
        case .signedIn(let outcome): answer = try await self.answer(outcome, request, hasReturned: true)
        }
        answer.cookies.append(SessionCookie.setProvider(nil, for: request, siteIsSecure: origins.siteIsSecure))
        return reply(answer, isPage: true)
    }
}
