import OffstageAccounts
import OffstageSchema

extension AuthDesk {
    /// What a form shows.
    func form(_ place: AuthPlace, _ request: IncomingRequest) async throws(Failure) -> AuthForm {
        let query = request.query
        switch place {
        case .signUp: return try await signUpForm(query["invite"], next: query["next"])
        case .signIn: return signInForm(next: query["next"])
        case .signOut:
            return AuthForm(title: "Sign out", text: "Do you want to sign out?", send: "Sign out", links: Self.back)
        case .verify where query["token"] == nil:
            let who = try signedIn(request)
            return AuthForm(
                title: "Confirm your address",
                text: "We send a mail to \(accounts.email(of: who)), with a link that confirms it.",
                send: "Send the mail",
                links: Self.back
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

    private static let back: [(href: String, label: String)] = [("/auth/me", "Back to your account")]

    private func signUpForm(_ token: String?, next: String?) async throws(Failure) -> AuthForm {
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
        form.links = [("/auth/sign-in\(Self.carrying(next))", "I have an account already")]
        if token == nil { form.providers = accounts.settings.providers }
        return form
    }

    private func signInForm(next: String?) -> AuthForm {
        var links: [(href: String, label: String)] = [
            ("/auth/reset", "I forgot my password"), ("/auth/link", "Sign in by mail instead"),
        ]
        if accounts.settings.signUp == .open {
            links.append(("/auth/sign-up\(Self.carrying(next))", "Make an account"))
        }
        return AuthForm(
            title: "Sign in",
            fields: [.email(), .password()],
            send: "Sign in",
            links: links,
            providers: accounts.settings.providers,
            offersPasskeys: true
        )
    }

    /// Where somebody was going, for the other way in.
    private static func carrying(_ next: String?) -> String {
        path(next).map { "?next=\(PercentEncoding.encode($0))" } ?? ""
    }

    /// The forms for those who are signed in.
    private func ownForm(_ place: AuthPlace, _ request: IncomingRequest) async throws(Failure) -> AuthForm {
        let who = try signedIn(request)
        let current = try await currentPassword(of: who)
        switch place {
        case .password:
            return AuthForm(
                title: current.isEmpty ? "Set a password" : "Change your password",
                text: "Your other sessions will end.",
                fields: current + [.password("new_password", "New password", isNew: true)],
                send: current.isEmpty ? "Set the password" : "Change the password",
                links: Self.back
            )
        case .email:
            return AuthForm(
                title: "A new mail address",
                text:
                    "Now it is \(accounts.email(of: who)). It changes once you follow the link that we mail to the new one.",
                fields: [.newEmail] + current,
                send: "Send the mail",
                links: Self.back
            )
        case .delete:
            return AuthForm(
                title: "Delete your account",
                text: "It goes with what belongs to it, and does not come back.",
                fields: current,
                send: "Delete my account",
                isDangerous: true,
                links: Self.back
            )
        case .codeSetup:
            return AuthForm(
                title: "Codes for signing in",
                text:
                    "An authenticator app on your phone shows six digits, another code every half minute. With them, a "
                    + "password alone opens nothing.",
                fields: current,
                send: "Go on",
                links: Self.back
            )
        case .codeConfirmation:
            guard let ticket = request.query["ticket"],
                let made = try await accounts.codeSecret(ticket, of: who)
            else { throw Failure(.conflict, "The time for this is over. Start again from your account's page.") }
            return AuthForm(
                title: "Scan and confirm",
                text:
                    "Scan this with your authenticator app, or type the key into it. Then type the code that it shows.",
                fields: [.firstCode],
                send: "Switch codes on",
                links: Self.back,
                picture: QRCode.svg(of: made.uri),
                secret: Self.inFours(made.secret)
            )
        case .recoveryCodes:
            return AuthForm(
                title: "New recovery codes",
                text: "The ones that you have now will be good for nothing.",
                fields: [.code],
                send: "Make new ones",
                links: Self.back
            )
        case .codeRemoval:
            return AuthForm(
                title: "Switch codes off",
                text: "Your password alone will sign you in again.",
                fields: [.code],
                send: "Switch codes off",
                isDangerous: true,
                links: Self.back
            )
        case .connect:
            let name = request.path.count > 2 ? request.path[2] : ""
            let label = accounts.settings.provider(name)?.label ?? name
            return AuthForm(
                title: "Connect \(label)",
                text: "Your account of \(label) will sign you in here.",
                fields: current,
                send: "Go on",
                links: Self.back
            )
        // The account's own page and the one of keys have forms beside other things.
        default: throw .notFound
        }
    }

    /// `ABCD EFGH`, as it is typed from one screen into another; authenticator apps take the spaces.
    private static func inFours(_ text: String) -> String {
        var grouped = ""
        for (index, character) in text.enumerated() {
            if index > 0, index.isMultiple(of: 4) { grouped.append(" ") }
            grouped.append(character)
        }
        return grouped
    }

    /// What asks for the account's password; nothing where it has none.
    func currentPassword(of who: SignedIn) async throws(Failure) -> [AuthField] {
        try await accounts.hasPassword(who) ? [.password("password", "Current password")] : []
    }
}
