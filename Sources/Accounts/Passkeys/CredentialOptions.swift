package import OffstageSchema

/// One passkey, as the options name it.
package struct CredentialDescriptor: Hashable, Sendable {
    package let id: [UInt8]
    /// How the authenticator is reached: what it said when it was registered.
    package let transports: [String]

    package init(id: [UInt8], transports: [String] = []) {
        self.id = id
        self.transports = transports
    }

    var json: JSON {
        var members: [JSON.Member] = [
            .init("type", .string("public-key")), .init("id", .string(Base64URL.encode(id))),
        ]
        if !transports.isEmpty { members.append(.init("transports", .array(transports.map { .string($0) }))) }
        return .object(members)
    }
}

/// Milliseconds: WebAuthn Level 3, section 15.1, recommends five minutes.
private let ceremonyTimeout: Int64 = 300_000

/// What `navigator.credentials.create()` is asked, for `PublicKeyCredential.parseCreationOptionsFromJSON()` (WebAuthn
/// Level 3, section 5.1.8).
package struct CredentialCreationOptions: Sendable {
    package struct User: Sendable {
        /// The user handle: 16 to 64 bytes that tell nothing of the person (section 14.6.1).
        package let id: [UInt8]
        package let name: String
        package let displayName: String

        package init(id: [UInt8], name: String, displayName: String) {
            self.id = id
            self.name = name
            self.displayName = displayName
        }
    }

    package enum ResidentKey: String, Sendable {
        case required
        case preferred
    }

    package let relyingParty: RelyingParty
    package let user: User
    /// At least 16 random bytes (section 13.4.3), good for one answer.
    package let challenge: [UInt8]
    /// The account's passkeys that there are: an authenticator that has one of them makes no second.
    package let excluded: [CredentialDescriptor]
    package let residentKey: ResidentKey
    package let timeout: Int64

    /// - Parameter timeout: in milliseconds; five minutes when nil.
    package init(
        relyingParty: RelyingParty,
        user: User,
        challenge: [UInt8],
        excluded: [CredentialDescriptor] = [],
        residentKey: ResidentKey = .required,
        timeout: Int64? = nil
    ) {
        self.relyingParty = relyingParty
        self.user = user
        self.challenge = challenge
        self.excluded = excluded
        self.residentKey = residentKey
        self.timeout = timeout ?? ceremonyTimeout
    }

    package var json: JSON {
        .object([
            .init("rp", .object([.init("id", .string(relyingParty.id)), .init("name", .string(relyingParty.name))])),
            .init(
                "user",
                .object([
                    .init("id", .string(Base64URL.encode(user.id))), .init("name", .string(user.name)),
                    .init("displayName", .string(user.displayName)),
                ])
            ),
            .init("challenge", .string(Base64URL.encode(challenge))),
            .init(
                "pubKeyCredParams",
                .array(
                    COSEKey.Algorithm.allCases.map { algorithm in
                        .object([
                            .init("type", .string("public-key")), .init("alg", .number(String(algorithm.rawValue))),
                        ])
                    }
                )
            ),
            .init("timeout", .number(String(timeout))),
            .init("excludeCredentials", .array(excluded.map(\.json))),
            .init(
                "authenticatorSelection",
                .object([
                    .init("residentKey", .string(residentKey.rawValue)),
                    .init("requireResidentKey", .boolean(residentKey == .required)),
                    .init("userVerification", .string("required")),
                ])
            ),
            .init("attestation", .string("none")),
        ])
    }
}

/// What `navigator.credentials.get()` is asked, for `PublicKeyCredential.parseRequestOptionsFromJSON()` (WebAuthn Level 3,
/// section 5.1.9).
package struct CredentialRequestOptions: Sendable {
    package let relyingParty: RelyingParty
    /// At least 16 random bytes (section 13.4.3), good for one answer.
    package let challenge: [UInt8]
    /// The passkeys that may answer; any of the site when there are none.
    package let allowed: [CredentialDescriptor]
    package let timeout: Int64

    /// - Parameter timeout: in milliseconds; five minutes when nil.
    package init(
        relyingParty: RelyingParty,
        challenge: [UInt8],
        allowed: [CredentialDescriptor] = [],
        timeout: Int64? = nil
    ) {
        self.relyingParty = relyingParty
        self.challenge = challenge
        self.allowed = allowed
        self.timeout = timeout ?? ceremonyTimeout
    }

    package var json: JSON {
        .object([
            .init("challenge", .string(Base64URL.encode(challenge))),
            .init("timeout", .number(String(timeout))),
            .init("rpId", .string(relyingParty.id)),
            .init("allowCredentials", .array(allowed.map(\.json))),
            .init("userVerification", .string("required")),
        ])
    }
}
