/// The mails that accounts need, by the names of their templates.
package enum MailTemplate: String, Sendable, CaseIterable {
    /// Confirm your address; for a new account.
    case verify
    /// Confirm the new address of an account; sent to that.
    case email
    /// The address of an account was changed; sent to the old one.
    case emailChanged = "email-changed"
    /// Choose a new password.
    case reset
    /// Sign in with a link.
    case link
    case invite
    case passwordChanged = "password-changed"
    /// Somebody tried to sign up with an address that has an account.
    case known
}
