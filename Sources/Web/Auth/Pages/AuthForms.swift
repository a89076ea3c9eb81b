import OffstageAccounts
import OffstageSchema

extension AuthDesk {
    /// What a form shows.
    func form(_ place: AuthPlace, _ request: IncomingRequest) async throws(Failure) -> AuthForm {
        let query = request.query
        switch place {
        case .signUp: return try await signUpForm(query["invite"])
        case .signIn: return signInForm()
        case .signOut: return AuthForm(title: "Sign out", text: "Do you want to sign out?", send: "Sign out")
        case .verify where query["token"] == nil:
            return AuthForm(
                title: "Confirm your address",
                text: "We send you a mail with a link that confirms it.",
                send: "Send the mail"
            )
        case .verify:
            return AuthForm(title: "Confirm your address", text: "One press, and it is done.", send: "Confirm")
        case .reset where query["token"] == nil:
            return AuthForm(
                title: "Choose another password",
                text: "We send you a mail with a link to do that.",
                fields: [.email()],
                send: "Send the mail",
                links: [("/auth/sign-in", "Back to signing in")]
            )
        case .reset:
            return AuthForm(
                title: "Choose another password",
                text: "All your sessions will end.",
                fields: [.password(isNew: true)],
                send: "Set the password"
            )
        case .link where query["token"] == nil:
            return AuthForm(
                title: "Sign in by mail",
                text: "We send you a mail with a link that signs you in.",
                fields: [.email()],
                send: "Send the mail",
                links: [("/auth/sign-in", "Sign in with a password")]
            )
        case .link: return AuthForm(title: "Sign in", text: "One press, and you are in.", send: "Sign in")
        case .code:
            return AuthForm(
                title: "One more step",
                text: "Your account asks for a code beside the password.",
                fields: [.code],
                send: "Go on",
                links: query["ticket"] == nil ? [] : [("/auth/sign-in", "Start again")]
            )
        default: return try await ownForm(place, request)
        }
    }

    private func signUpForm(_ token: String?) async throws(Failure) -> AuthForm {
        var form = AuthForm(title: "Make an account", send: "Make the account")
        var invited: Invitation?
        if let token { invited = try await accounts.describe(invitation: token) }
        guard invited != nil || accounts.settings.signUp == .open else {
            throw Failure(
                .forbidden,
                accounts.settings.signUp == .invite
                    ? "Accounts are made by invitation here. Ask whoever runs this site for one."
                    : "Accounts are made by the team here. Ask whoever runs this site."
            )
        }
        if let invited {
            form.text =
                invited.role == .none
                ? "You are invited to \(accounts.siteName)."
                : "You are invited to the team of \(accounts.siteName), as \(invited.role.rawValue)."
        }
        form.fields = [
            .email(invited?.email ?? "", isFixed: invited?.email != nil), .password(isNew: true),
        ]
        form.ownFields = signUpFields
        form.links = [("/auth/sign-in", "I have an account already")]
        if token == nil { form.providers = accounts.settings.providers }
        return form
    }

    private func signInForm() -> AuthForm {
        var links: [(href: String, label: String)] = [
            ("/auth/reset", "I forgot my password"), ("/auth/link", "Sign in by mail instead"),
        ]
        if accounts.settings.signUp == .open { links.append(("/auth/sign-up", "Make an account")) }
        return AuthForm(
            title: "Sign in",
            fields: [.email(), .password()],
            send: "Sign in",
            links: links,
            providers: accounts.settings.providers,
            offersPasskeys: true
        )
    }

    /// The forms for those who are signed in.
    private func ownForm(_ place: AuthPlace, _ request: IncomingRequest) async throws(Failure) -> AuthForm {
        let who = try signedIn(request)
        let back: [(href: String, label: String)] = [("/auth/me", "Back to your account")]
        let current = AuthField.password("password", "Your password now")
        switch place {
        case .password:
            var now = AuthField.password("password", "Your password now")
            now.isRequired = false
            now.help = "Leave it empty if you have none yet."
            return AuthForm(
                title: "Change your password",
                text: "Your other sessions will end.",
                fields: [now, .password("new_password", "The new one", isNew: true)],
                send: "Change the password",
                links: back
            )
        case .email:
            return AuthForm(
                title: "Change your e-mail address",
                text: "It is \(accounts.email(of: who)) now. The new one is taken once you follow the link that is mailed to it.",
                fields: [.email(), current],
                send: "Send the mail",
                links: back
            )
        case .delete:
            return AuthForm(
                title: "Delete your account",
                text: "It goes with what belongs to it, and does not come back.",
                fields: [current],
                send: "Delete my account",
                isDangerous: true,
                links: back
            )
        case .codeSetup:
            return AuthForm(
                title: "Codes for signing in",
                text: "An authenticator app on your phone shows six digits, another code every half minute. With them, a "
                    + "password alone opens nothing.",
                fields: [current],
                send: "Go on",
                links: back
            )
        case .codeConfirmation:
            guard let ticket = request.query["ticket"],
                let made = try await accounts.codeSecret(ticket, of: who)
            else { throw Failure(.conflict, "The time for this is over. Start again from your account's page.") }
            return AuthForm(
                title: "Scan and confirm",
                text: "Scan this with your authenticator app, or type the key into it. Then type the code that it shows.",
                fields: [.code],
                send: "Switch codes on",
                links: back,
                picture: QRCode.svg(of: made.uri),
                secret: made.secret
            )
        case .recoveryCodes:
            return AuthForm(
                title: "New recovery codes",
                text: "The ones that you have now will be good for nothing.",
                fields: [.code],
                send: "Make new ones",
                links: back
            )
        case .codeRemoval:
            return AuthForm(
                title: "Switch codes off",
                text: "Your password alone will sign you in again.",
                fields: [.code],
                send: "Switch codes off",
                isDangerous: true,
                links: back
            )
        default: return AuthForm(title: "Your account", ownFields: profileFields, send: "Save", links: back)
        }
    }
}
