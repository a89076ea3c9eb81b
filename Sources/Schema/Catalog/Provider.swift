/// A provider of identities that people may sign in with, by OpenID Connect.
package struct Provider: Hashable, Sendable {
    /// As in the app file.
    package var name: String
    /// What the button says.
    package var label: String
    /// The URL of the provider's description of itself; ends in `wellKnown` (OpenID Connect Discovery 1.0, section 4). https, or
    /// http when the host is this machine.
    package var discovery: String
    /// The id that the provider gave the app.
    package var client: String
    /// What the app asks for; `openid` is among them.
    package var scopes: [String]

    package static let wellKnown = "/.well-known/openid-configuration"
    package static let standardScopes = ["openid", "email", "profile"]

    package init(
        name: String,
        label: String? = nil,
        discovery: String,
        client: String,
        scopes: [String] = standardScopes
    ) {
        self.name = name
        self.label = label ?? Field.label(from: name)
        self.discovery = discovery
        self.client = client
        self.scopes = scopes
    }
}
