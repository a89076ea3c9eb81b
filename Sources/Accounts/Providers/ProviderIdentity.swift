/// Who somebody is by the word of a provider. Subject and issuer together never change and are nobody else's; an address
/// does and may be (OpenID Connect Core 1.0, section 5.7).
package struct ProviderIdentity: Hashable, Sendable {
    /// The provider's own identifier, a URL.
    package let issuer: String
    /// 1 to 255 ASCII characters.
    package let subject: String
    /// As fields of type email keep it; nil when there is none or it is no address.
    package let email: String?
    /// Whether the provider checked that the address is this person's. An address without that proves nothing.
    package let isEmailVerified: Bool
    /// On one line, at most 200 characters.
    package let name: String?

    package init(issuer: String, subject: String, email: String?, isEmailVerified: Bool, name: String?) {
        self.issuer = issuer
        self.subject = subject
        self.email = email
        self.isEmailVerified = isEmailVerified
        self.name = name
    }
}
