import HTTPTypes
import OffstageAccounts
import OffstageRecords
import OffstageSchema

extension AuthDesk {
    /// /auth/me: the account itself.
    func me(_ path: [String], _ request: IncomingRequest) async throws(Failure) -> Reply {
        if path == ["delete"] { return try await form(.delete, request, delete) }
        guard path.isEmpty else { throw .notFound }
        switch request.method {
        case .get, .head:
            if isPage(request) { return try await accountPage(request) }
            return try await ownRecord(request)
        case .patch:
            return try await acting(request) { () throws(Failure) in
                let input = try await AuthInput(request).rest
                try await update(input, try signedIn(request), request)
                return AuthAnswer(json: try await recordAfterChange(request), page: .leads(to: "/auth/me"))
            }
        case .post: return try await form(.profile, request, saveProfile)
        case .delete:
            var input = try await AuthInput(request)
            return try await acting(request) { () throws(Failure) in try await delete(&input, request) }
        default: return Problem.methodNotAllowed([.get, .head, .post, .patch, .delete], request)
        }
    }

    /// GET /auth/me. A key may ask whose it is.
    private func ownRecord(_ request: IncomingRequest) async throws(Failure) -> Reply {
        try request.query.allow([])
        try request.wants("application/json")
        if let failure = request.credentialFailure { throw failure }
        guard let who = request.sender.signedIn else { throw Failure(.unauthenticated, "Sign in first.") }
        return Reply(.ok, .json, try await record(who.user))
    }

    private func recordAfterChange(_ request: IncomingRequest) async throws(Failure) -> [UInt8] {
        try await record(try signedIn(request).user)
    }

    /// The fields that their rules let the account change of itself.
    private func update(_ input: Input, _ who: SignedIn, _ request: IncomingRequest) async throws(Failure) {
        let write = WriteRequest(by: who.principal) { _ in Answer(status: 200) }
        _ = try await accounts.records.update(who.user.id, with: input, in: users, write)
    }

    /// POST /auth/me, from the page.
    private func saveProfile(_ input: inout AuthInput, _ request: IncomingRequest) async throws(Failure) -> AuthAnswer {
        let who = try signedIn(request)
        var rest = input.rest
        if isPage(request) {
            for field in profileFields {
                if case .boolean = field.kind, !rest.members.contains(where: { $0.name == field.name }) {
                    rest.members.append((field.name, .texts(["false"])))
                }
            }
        }
        try await update(rest, who, request)
        return AuthAnswer(json: try await record(who.user), page: .leads(to: "/auth/me?saved=1"))
    }

    /// What the account may change of itself, whatever is in it.
    var profileFields: [Field] {
        users.fields.filter { $0.writable == .everybody && $0.assign == nil }
    }

    /// DELETE /auth/me, POST /auth/me/delete
    private func delete(_ input: inout AuthInput, _ request: IncomingRequest) async throws(Failure) -> AuthAnswer {
        let password = input.optional("password")
        try input.finish()
        try await accounts.deleteAccount(password: password, of: try signedIn(request), from: visit(request))
        var answer = AuthAnswer.done(
            .says(title: "Your account is deleted", "It is gone, with what belonged to it.", next: "/")
        )
        answer.cookies.append(SessionCookie.clear(for: request, siteIsSecure: origins.siteIsSecure))
        return answer
    }

    /// POST /auth/password
    func changePassword(_ input: inout AuthInput, _ request: IncomingRequest) async throws(Failure) -> AuthAnswer {
        let who = try signedIn(request)
        let current = input.optional("password")
        let new = input.text("new_password")
        try input.finish()
        try await accounts.changePassword(from: current, to: new, of: who, from: visit(request))
        return .done(.says(title: "Your password is changed", "Your other sessions have ended."))
    }

    /// POST /auth/email
    func changeEmail(_ input: inout AuthInput, _ request: IncomingRequest) async throws(Failure) -> AuthAnswer {
        let who = try signedIn(request)
        let email = input.text("email")
        let password = input.optional("password")
        try input.finish()
        try await accounts.changeEmail(to: email, password: password, of: who, from: visit(request))
        return .accepted(
            .says(
                title: "Look into your mail",
                "A mail is on its way to the new address. Your account gets it once you follow the link there."
            )
        )
    }
}
