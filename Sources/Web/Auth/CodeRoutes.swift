import HTTPTypes
import OffstageAccounts
import OffstageSchema

extension AuthDesk {
    /// /auth/totp: codes of an authenticator app.
    func codes(_ path: [String], _ request: IncomingRequest) async throws(Failure) -> Reply {
        switch path {
        case []:
            switch request.method {
            case .get, .head: return try await codeState(request)
            case .post: return try await form(.code, request, showCode)
            case .delete:
                var input = try await AuthInput(request)
                return try await acting(request) { () throws(Failure) in try await removeCodes(&input, request) }
            default: return Problem.methodNotAllowed([.get, .head, .post, .delete], request)
            }
        case ["setup"]: return try await form(.codeSetup, request, startCodes)
        case ["confirm"]: return try await form(.codeConfirmation, request, confirmCodes)
        case ["recovery"]: return try await form(.recoveryCodes, request, renewRecoveryCodes)
        case ["remove"]: return try await form(.codeRemoval, request, removeCodes)
        default: throw .notFound
        }
    }

    /// GET /auth/totp: the form for a code where a sign-in or a session waits for one, else what there is.
    private func codeState(_ request: IncomingRequest) async throws(Failure) -> Reply {
        try request.query.allow(AuthPlace.code.parameters)
        if request.query["ticket"] != nil { return try await page(.code, request) }
        let who = try signedIn(request)
        let (isOn, recoveryCodes) = try await accounts.codes(of: who)
        if isPage(request) { return codesPage(isOn: isOn, recoveryCodes: recoveryCodes, who) }
        return Reply(
            .ok,
            .json,
            Self.bytes(
                .object([
                    .init("enabled", .boolean(isOn)), .init("recovery_codes_left", .number(String(recoveryCodes))),
                ])
            )
        )
    }

    /// POST /auth/totp: the code of a sign-in with its ticket, or within a session.
    private func showCode(_ input: inout AuthInput, _ request: IncomingRequest) async throws(Failure) -> AuthAnswer {
        let ticket = input.optional("ticket")
        let code = input.text("code")
        let next = Self.path(input.optional("next"))
        try input.finish()
        guard let ticket else {
            try await accounts.showCode(code, of: try signedIn(request))
            return .done(.leads(to: next ?? "/auth/me"))
        }
        let outcome = try await accounts.signIn(
            ticket: ticket,
            code: code,
            from: visit(request),
            replacing: former(request)
        )
        return try await answer(outcome, request, next: next)
    }

    /// POST /auth/totp/setup
    private func startCodes(_ input: inout AuthInput, _ request: IncomingRequest) async throws(Failure) -> AuthAnswer {
        let password = input.optional("password")
        try input.finish()
        let made = try await accounts.startCodes(password: password, of: try signedIn(request), from: visit(request))
        let json = JSON.object([
            .init("secret", .string(made.secret)), .init("uri", .string(made.uri)),
            .init("qr", QRCode.svg(of: made.uri).map(JSON.string) ?? .null), .init("ticket", .string(made.ticket)),
        ])
        return AuthAnswer(json: Self.bytes(json), page: .leads(to: "/auth/totp/confirm?ticket=\(made.ticket)"))
    }

    /// POST /auth/totp/confirm
    private func confirmCodes(_ input: inout AuthInput, _ request: IncomingRequest) async throws(Failure) -> AuthAnswer
    {
        let ticket = input.text("ticket")
        let code = input.text("code")
        try input.finish()
        let recovery = try await accounts.confirmCodes(ticket, code: code, of: try signedIn(request))
        return recoveryCodes(recovery)
    }

    /// POST /auth/totp/recovery
    private func renewRecoveryCodes(
        _ input: inout AuthInput,
        _ request: IncomingRequest
    ) async throws(Failure) -> AuthAnswer {
        let code = input.text("code")
        try input.finish()
        return recoveryCodes(try await accounts.renewRecoveryCodes(code: code, of: try signedIn(request)))
    }

    private func recoveryCodes(_ codes: [String]) -> AuthAnswer {
        let json = JSON.object([.init("recovery_codes", .array(codes.map(JSON.string)))])
        return AuthAnswer(json: Self.bytes(json), page: .shows(recoveryCodesPage(codes)))
    }

    /// DELETE /auth/totp, POST /auth/totp/remove
    private func removeCodes(_ input: inout AuthInput, _ request: IncomingRequest) async throws(Failure) -> AuthAnswer {
        let code = input.text("code")
        try input.finish()
        try await accounts.removeCodes(code: code, of: try signedIn(request))
        return .done(.says(title: "Codes are off", "You sign in without a code from now on."))
    }
}
