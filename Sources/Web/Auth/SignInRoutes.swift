import HTTPTypes
import OffstageAccounts
import OffstageSchema

extension AuthDesk {
    /// POST /auth/sign-up
    func signUp(_ input: inout AuthInput, _ request: IncomingRequest) async throws(Failure) -> AuthAnswer {
        let email = input.text("email")
        let password = input.text("password")
        let invitation = input.optional("invite")
        let next = Self.path(input.optional("next"))
        try input.finish(takesRest: true)
        let new = Accounts.NewAccount(
            email: email,
            password: password,
            input: fields(input.rest, isPage: isPage(request)),
            invitation: invitation
        )
        let outcome = try await accounts.signUp(new, from: visit(request), replacing: former(request))
        return try await answer(outcome, request, status: .created, next: next)
    }

    /// The fields that a page's form sends, as they are meant: a box that was not ticked is a no.
    private func fields(_ input: Input, isPage: Bool) -> Input {
        guard isPage else { return input }
        var meant = input
        for field in signUpFields {
            if case .boolean = field.kind, !meant.members.contains(where: { $0.name == field.name }) {
                meant.members.append((field.name, .texts(["false"])))
            }
        }
        return meant
    }

    /// What somebody who signs up is asked beside the address and the password.
    var signUpFields: [Field] {
        users.fields.filter { field in
            field.name == "name"
                || field.required && field.writable == .everybody && field.assign == nil
                    && field.defaultValue == nil
        }
    }

    /// POST /auth/sign-in
    func signIn(_ input: inout AuthInput, _ request: IncomingRequest) async throws(Failure) -> AuthAnswer {
        let email = input.text("email")
        let password = input.text("password")
        let code = input.optional("code")
        let next = Self.path(input.optional("next"))
        try input.finish()
        let outcome = try await accounts.signIn(
            email: email,
            password: password,
            code: code,
            from: visit(request),
            replacing: former(request)
        )
        return try await answer(outcome, request, next: next)
    }

    /// POST /auth/sign-out
    func signOut(_ input: inout AuthInput, _ request: IncomingRequest) async throws(Failure) -> AuthAnswer {
        try input.finish()
        // Who has no session any more has what they want.
        if let who = request.sender.signedIn, !who.isKey { try await accounts.signOut(who) }
        var answer = AuthAnswer.done(.leads(to: "/"))
        answer.cookies.append(SessionCookie.clear(for: request, siteIsSecure: origins.siteIsSecure))
        return answer
    }

    /// POST /auth/link: with an address, sends a link; with its token, signs in.
    func link(_ input: inout AuthInput, _ request: IncomingRequest) async throws(Failure) -> AuthAnswer {
        let token = input.optional("token")
        let next = Self.path(input.optional("next"))
        guard let token else {
            let email = input.text("email")
            try input.finish()
            try await accounts.sendLink(to: email, from: visit(request))
            return .accepted(Self.mailIsOnItsWay("a link to sign in"))
        }
        try input.finish()
        let outcome = try await accounts.signIn(link: token, from: visit(request), replacing: former(request))
        return try await answer(outcome, request, next: next)
    }

    /// POST /auth/reset: with an address, sends a link; with its token and a password, sets it.
    func reset(_ input: inout AuthInput, _ request: IncomingRequest) async throws(Failure) -> AuthAnswer {
        guard let token = input.optional("token") else {
            let email = input.text("email")
            try input.finish()
            try await accounts.sendReset(to: email, from: visit(request))
            return .accepted(Self.mailIsOnItsWay("a link to choose another password"))
        }
        let password = input.text("password")
        try input.finish()
        try await accounts.reset(token, to: password)
        var answer = AuthAnswer.done(
            .says(
                title: "Your password is changed",
                "All sessions and API keys have ended. Sign in with the new password, and see on your account's page that all passkeys "
                    + "are yours.",
                next: "/auth/sign-in"
            )
        )
        answer.cookies.append(SessionCookie.clear(for: request, siteIsSecure: origins.siteIsSecure))
        return answer
    }

    /// POST /auth/verify: with a token, proves the address; without one, sends a mail.
    func verify(_ input: inout AuthInput, _ request: IncomingRequest) async throws(Failure) -> AuthAnswer {
        guard let token = input.optional("token") else {
            try input.finish()
            try await accounts.sendVerification(to: try signedIn(request), from: visit(request))
            return .accepted(
                .says(
                    title: "Look into your mail",
                    "If your address was not confirmed yet, a mail is on its way to it."
                )
            )
        }
        try input.finish()
        try await accounts.verify(token, by: request.sender.signedIn)
        return .done(.says(title: "Your address is confirmed", "Thank you. There is nothing else to do.", next: "/"))
    }

    private static func mailIsOnItsWay(_ what: String) -> AuthAnswer.Page {
        .says(
            title: "Look into your mail",
            "If there is an account with this address, \(what) is on its way to it. It may take a minute, and may be among the "
                + "unwanted mails.",
            next: "/"
        )
    }
}
