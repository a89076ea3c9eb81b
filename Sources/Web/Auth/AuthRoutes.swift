import HTTPTypes
import OffstageAccounts
import OffstageSchema

/// The route table below /auth.
extension AuthDesk {
    func reply(to request: IncomingRequest) async throws(Failure) -> Reply {
        if request.path.count == 2, request.path[1] == "_passkeys.js", let part = Pages.part(request.path[1]) {
            return [.get, .head].contains(request.method) ? part : Problem.methodNotAllowed([.get, .head], request)
        }
        if request.method == .options {
            return origins.preflight(request, Self.methods(Array(request.path.dropFirst())))
        }
        var reply: Reply
        do throws(Failure) {
            reply = try await route(request)
        } catch {
            guard isPage(request) else { throw error }
            reply = refusal(error, request)
        }
        // Nothing here is another's business, and nothing is to be found again on a shared machine.
        reply.headers[.cacheControl] = "no-store"
        return reply
    }

    private func route(_ request: IncomingRequest) async throws(Failure) -> Reply {
        let path = request.path.dropFirst().map { $0 }
        switch (path.first ?? "", path.count) {
        case ("", _) where path.count <= 1: return start(request)
        case ("sign-up", 1): return try await form(.signUp, request, signUp)
        case ("sign-in", 1): return try await form(.signIn, request, signIn)
        case ("sign-out", 1): return try await form(.signOut, request, signOut)
        case ("verify", 1): return try await form(.verify, request, verify)
        case ("reset", 1): return try await form(.reset, request, reset)
        case ("link", 1): return try await form(.link, request, link)
        case ("password", 1): return try await form(.password, request, changePassword)
        case ("email", 1): return try await form(.email, request, changeEmail)
        case ("me", _): return try await me(Array(path.dropFirst()), request)
        case ("sessions", _): return try await sessions(Array(path.dropFirst()), request)
        case ("totp", _): return try await codes(Array(path.dropFirst()), request)
        case ("passkeys", _): return try await passkeys(Array(path.dropFirst()), request)
        case ("keys", _): return try await keys(Array(path.dropFirst()), request)
        case ("with", _): return try await providers(Array(path.dropFirst()), request)
        default: throw .notFound
        }
    }

    /// The methods of an address.
    static func methods(_ path: [String]) -> [HTTPRequest.Method] {
        switch (path.first ?? "", Array(path.dropFirst())) {
        case ("me", []): [.get, .head, .post, .patch, .delete]
        case ("totp", []): [.get, .head, .post, .delete]
        case ("sessions", []): [.get, .head, .post, .delete]
        case ("passkeys", ["options"]), ("passkeys", ["sign-in"]), ("passkeys", ["sign-in", "options"]): [.post]
        case ("passkeys", let rest) where rest.count == 1: [.post, .delete]
        case ("sessions", let rest) where rest.count == 1: [.post, .delete]
        case ("keys", let rest) where rest.count == 1: [.post, .delete]
        case ("with", []), ("", []): [.get, .head]
        case ("with", let rest) where rest.count == 2 && rest[1] == "connect": [.get, .head, .post]
        case ("with", let rest): rest.count == 1 ? [.get, .post, .delete] : [.get]
        default: [.get, .head, .post]
        }
    }

    /// GET /auth
    private func start(_ request: IncomingRequest) -> Reply {
        let isIn = request.sender.signedIn != nil
        return Reply(.seeOther, headers: [.location: isIn ? "/auth/me" : "/auth/sign-in"])
    }

    /// A form: its page, and what is sent with it. Programs send the same members as JSON.
    func form(
        _ place: AuthPlace,
        _ request: IncomingRequest,
        _ act: (inout AuthInput, IncomingRequest) async throws(Failure) -> AuthAnswer
    ) async throws(Failure) -> Reply {
        switch request.method {
        case .get, .head:
            try request.query.allow(place.parameters)
            return try await page(place, request)
        case .post:
            try request.query.allow(place.parameters)
            try requireOrigin(request)
            var input = try await AuthInput(request)
            let sent = input.rest
            do throws(Failure) {
                return reply(try await act(&input, request), isPage: isPage(request))
            } catch {
                guard isPage(request), place.shows(error) else { throw error }
                return try await page(place, request, sent, error)
            }
        default: return Problem.methodNotAllowed([.get, .head, .post], request)
        }
    }

    /// Runs what a method does, after the checks that all have.
    func acting(
        _ request: IncomingRequest,
        _ act: () async throws(Failure) -> AuthAnswer
    ) async throws(Failure) -> Reply {
        try request.query.allow([])
        try requireOrigin(request)
        return reply(try await act(), isPage: isPage(request))
    }

    /// The id that the last part of an address is.
    func identifier(_ text: String) throws(Failure) -> Identifier {
        guard let id = Identifier(text) else { throw .notFound }
        return id
    }
}
