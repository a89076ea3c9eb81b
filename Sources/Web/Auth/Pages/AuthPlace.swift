import OffstageSchema

/// The forms below /auth.
enum AuthPlace {
    case signUp, signIn, signOut, verify, reset, link, code
    case profile, password, email, delete
    case codeSetup, codeConfirmation, recoveryCodes, codeRemoval, key, connect

    var path: String {
        switch self {
        case .signUp: "/auth/sign-up"
        case .signIn: "/auth/sign-in"
        case .signOut: "/auth/sign-out"
        case .verify: "/auth/verify"
        case .reset: "/auth/reset"
        case .link: "/auth/link"
        case .code: "/auth/totp"
        case .profile: "/auth/me"
        case .password: "/auth/password"
        case .email: "/auth/email"
        case .delete: "/auth/me/delete"
        case .codeSetup: "/auth/totp/setup"
        case .codeConfirmation: "/auth/totp/confirm"
        case .recoveryCodes: "/auth/totp/recovery"
        case .codeRemoval: "/auth/totp/remove"
        case .key: "/auth/keys"
        // Below the name of a provider.
        case .connect: "/auth/with"
        }
    }

    /// What the address of the page may carry, and its form takes along unseen.
    var parameters: [String] {
        switch self {
        case .signUp: ["invite", "next"]
        case .signIn: ["next"]
        case .verify, .reset: ["token"]
        case .link: ["token", "next"]
        case .code: ["ticket", "next"]
        case .codeConfirmation: ["ticket"]
        default: []
        }
    }

    /// Whether it is for those who are signed in.
    var needsSession: Bool {
        switch self {
        case .signUp, .signIn, .signOut, .verify, .reset, .link, .code: false
        default: true
        }
    }

    /// Whether the form is shown again with what went wrong; anything else is a page of its own.
    func shows(_ failure: Failure) -> Bool {
        switch failure.kind {
        case .invalid, .conflict, .rateLimited, .unavailable: true
        case .unauthenticated: self == .signIn
        default: false
        }
    }
}
