import HTTPTypes
import OffstageAccounts
import OffstageSchema

extension AuthDesk {
    /// /auth/passkeys
    func passkeys(_ path: [String], _ request: IncomingRequest) async throws(Failure) -> Reply {
        switch (path, request.method) {
        case ([], .get), ([], .head):
            try request.query.allow([])
            let who = try signedIn(request)
            let passkeys = try await accounts.passkeys(of: who)
            if isPage(request) { return try await passkeysPage(passkeys, who) }
            return Reply(.ok, .json, Self.list(passkeys.map(Self.json)))
        case ([], .post):
            var input = try await AuthInput(request)
            return try await acting(request) { () throws(Failure) in try await addPasskey(&input, request) }
        case (["options"], .post):
            var input = try await AuthInput(request)
            return try await acting(request) { () throws(Failure) in
                let password = input.optional("password")
                try input.finish()
                let made = try await accounts.startPasskey(
                    password: password,
                    of: try signedIn(request),
                    from: visit(request)
                )
                return AuthAnswer(json: Self.bytes(Self.json(made)), page: .leads(to: "/auth/passkeys"))
            }
        case (["sign-in", "options"], .post):
            let input = try await AuthInput(request)
            return try await acting(request) { () throws(Failure) in
                try input.finish()
                let made = try await accounts.startPasskeySignIn(from: visit(request))
                return AuthAnswer(json: Self.bytes(Self.json(made)), page: .leads(to: "/auth/sign-in"))
            }
        case (["sign-in"], .post):
            var input = try await AuthInput(request)
            return try await acting(request) { () throws(Failure) in try await signInWithPasskey(&input, request) }
        case ([], _): return Problem.methodNotAllowed([.get, .head, .post], request)
        case (["options"], _), (["sign-in"], _), (["sign-in", "options"], _):
            return Problem.methodNotAllowed([.post], request)
        default:
            guard path.count == 1 else { throw .notFound }
            let id = try identifier(path[0])
            guard [.delete, .post].contains(request.method) else {
                return Problem.methodNotAllowed([.post, .delete], request)
            }
            return try await acting(request) { () throws(Failure) in
                try await accounts.removePasskey(id, of: try signedIn(request))
                return .done(.leads(to: "/auth/passkeys"))
            }
        }
    }

    private func addPasskey(_ input: inout AuthInput, _ request: IncomingRequest) async throws(Failure) -> AuthAnswer {
        let ticket = input.text("ticket")
        let name = input.optional("name") ?? ""
        let credential = try credential(&input)
        let passkey = try await accounts.addPasskey(
            credential,
            ticket: ticket,
            name: name,
            of: try signedIn(request)
        )
        return AuthAnswer(
            status: .created,
            json: Self.bytes(Self.json(passkey)),
            page: .leads(to: "/auth/passkeys")
        )
    }

    private func signInWithPasskey(
        _ input: inout AuthInput,
        _ request: IncomingRequest
    ) async throws(Failure) -> AuthAnswer {
        let ticket = input.text("ticket")
        let next = Self.path(input.optional("next"))
        let credential = try credential(&input)
        let outcome = try await accounts.signIn(
            passkey: credential,
            ticket: ticket,
            from: visit(request),
            replacing: former(request)
        )
        return try await answer(outcome, request, next: next)
    }

    /// What the browser made, the last member that is read.
    private func credential(_ input: inout AuthInput) throws(Failure) -> JSON {
        let credential = input.json("credential")
        if credential == nil {
            input.add(Fault("/credential", .required, "is required: what PublicKeyCredential.toJSON() gives"))
        }
        try input.finish()
        return credential ?? .null
    }

    private static func json(_ request: PasskeyRequest) -> JSON {
        .object([.init("options", request.options), .init("ticket", .string(request.ticket))])
    }

    private static func json(_ passkey: Passkey) -> JSON {
        .object([
            .init("id", .string(passkey.id.description)), .init("name", .string(passkey.name)),
            .init("created", .string(passkey.created.description)),
            .init("used", passkey.used.map { .string($0.description) } ?? .null),
            .init("backed_up", .boolean(passkey.isBackedUp)),
        ])
    }
}
