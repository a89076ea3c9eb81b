import OffstageSchema

/// What a provider says of itself (OpenID Connect Discovery 1.0, section 3), checked.
struct DiscoveryDocument: Sendable {
    let issuer: String
    let authorizationEndpoint: String
    let tokenEndpoint: String
    let userInfoEndpoint: String?
    let keys: String
    let authentication: ClientAuthentication
    /// Whether callbacks carry the issuer (RFC 9207, section 3).
    let namesIssuerInCallback: Bool

    /// Why a document cannot be used; for the operator.
    struct Refusal: Error {
        let reason: String
    }

    init(bytes: [UInt8], of provider: Provider) throws(Refusal) {
        guard let members = JSONMembers(bytes: bytes) else {
            throw Refusal(reason: "the discovery document is no JSON object")
        }
        issuer = try Self.issuer(members, of: provider)
        let scheme = WebAddress(provider.discovery)?.scheme
        func endpoint(_ name: String) throws(Refusal) -> String? {
            guard let text = members.string(name) else { return nil }
            guard let address = WebAddress(text), !address.path.contains("#"),
                text.utf8.allSatisfy({ $0 < 0x80 })
            else { throw Refusal(reason: "\(name) of the discovery document is no URL that can be used") }
            // A provider elsewhere has no business on this machine, nor anything to say without encryption.
            guard address.scheme == "https" || address.isLoopback && scheme == "http" else {
                throw Refusal(reason: "\(name) of the discovery document must start with https://")
            }
            return text
        }
        func required(_ name: String) throws(Refusal) -> String {
            guard let text = try endpoint(name) else { throw Refusal(reason: "the discovery document has no \(name)") }
            return text
        }
        authorizationEndpoint = try required("authorization_endpoint")
        tokenEndpoint = try required("token_endpoint")
        keys = try required("jwks_uri")
        userInfoEndpoint = try endpoint("userinfo_endpoint")
        authentication = Self.authentication(members.strings("token_endpoint_auth_methods_supported"))
        namesIssuerInCallback = members.isTrue("authorization_response_iss_parameter_supported")
    }

    /// Section 4.3: the issuer is what the discovery URL starts with, so that no provider speaks for another. A slash at its
    /// end is left out of that URL (section 4.1), so an issuer may have one more.
    private static func issuer(_ members: JSONMembers, of provider: Provider) throws(Refusal) -> String {
        guard provider.discovery.hasSuffix(Provider.wellKnown) else {
            throw Refusal(reason: "the discovery URL does not end in \(Provider.wellKnown)")
        }
        let prefix = String(provider.discovery.dropLast(Provider.wellKnown.count))
        guard let issuer = members.string("issuer") else {
            throw Refusal(reason: "the discovery document has no issuer")
        }
        guard issuer.isExactly(prefix) || issuer.isExactly(prefix + "/") else {
            let said = ProviderFailures.excerpt(issuer, hiding: []) ?? ""
            throw Refusal(reason: "the discovery document is of the issuer \"\(said)\", not \(prefix)")
        }
        return issuer
    }

    /// Section 3: without a list, `client_secret_basic`.
    private static func authentication(_ methods: [String]?) -> ClientAuthentication {
        guard let methods, !methods.isEmpty, !methods.contains("client_secret_basic") else { return .basic }
        return methods.contains("client_secret_post") ? .post : .neither(methods)
    }
}

/// How a provider wants the client secret (RFC 6749, section 2.3.1).
enum ClientAuthentication: Hashable, Sendable {
    /// In the header `Authorization`.
    case basic
    /// In the body.
    case post
    /// Not at all: it takes none but these methods.
    case neither([String])
}
