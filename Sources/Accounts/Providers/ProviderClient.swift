package import OffstageOutgoing
package import OffstageSchema

/// Signs people in with one provider: the authorization code flow of OpenID Connect Core 1.0 (section 3.1) with PKCE
/// (RFC 7636). What the provider says of itself and its keys are kept for an hour.
package final class ProviderClient: Sendable {
    package let provider: Provider
    private let failures: ProviderFailures
    private let fetching: ProviderFetching
    private let tokenRequest: TokenRequest
    private let discovery: KeptDocument<DiscoveryDocument>
    private let keys: KeptDocument<SigningKeys>
    private let now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - clientSecret: nil for a public client, which PKCE alone protects.
    ///   - now: the clock; tests give their own.
    package init(
        provider: Provider,
        clientSecret: String?,
        fetcher: any HTTPFetching,
        now: @escaping @Sendable () -> Timestamp
    ) {
        let failures = ProviderFailures(provider: provider)
        let fetching = ProviderFetching(fetcher: fetcher, failures: failures)
        let discovery = KeptDocument(now: now) { () async throws(Failure) -> DiscoveryDocument in
            let bytes = try await fetching.document(provider.discovery, what: "the discovery document")
            do throws(DiscoveryDocument.Refusal) {
                return try DiscoveryDocument(bytes: bytes, of: provider)
            } catch {
                throw failures.unavailable(error.reason)
            }
        }
        self.provider = provider
        self.failures = failures
        self.fetching = fetching
        self.discovery = discovery
        self.now = now
        tokenRequest = TokenRequest(provider: provider, clientSecret: clientSecret, fetching: fetching)
        keys = KeptDocument(now: now) { () async throws(Failure) -> SigningKeys in
            let bytes = try await fetching.document(discovery.current().keys, what: "the signing keys")
            guard let keys = SigningKeys(bytes: bytes) else {
                throw failures.unavailable("the signing keys are no JWK Set")
            }
            return keys
        }
    }

    /// Where to send the browser (section 3.1.2.1).
    ///
    /// - Parameters:
    ///   - redirect: the URL that the provider sends the browser back to, registered there.
    ///   - state: comes back in the callback; binds it to this browser.
    ///   - nonce: comes back in the ID token; binds it to this sign-in.
    ///   - challenge: of a `ProofKey`.
    /// - Throws: `.unavailable` without the provider's discovery document.
    package func authorization(
        redirect: String,
        state: String,
        nonce: String,
        challenge: String
    ) async throws(Failure) -> String {
        let document = try await discovery.current()
        let scopes = provider.scopes.contains("openid") ? provider.scopes : ["openid"] + provider.scopes
        return FormText.adding(
            [
                ("response_type", "code"), ("client_id", provider.client), ("redirect_uri", redirect),
                ("scope", scopes.joined(separator: " ")), ("state", state), ("nonce", nonce),
                ("code_challenge", challenge), ("code_challenge_method", "S256"),
            ],
            to: document.authorizationEndpoint
        )
    }

    /// Checks the parameter `iss` of the callback before its code is used (RFC 9207, section 2.4): a code of another provider
    /// must not be sent to this one.
    ///
    /// - Parameter callbackIssuer: nil when the callback has none, which is refused of a provider that promised it.
    /// - Throws: `.unauthenticated`, or `.unavailable` without the provider's discovery document.
    package func check(callbackIssuer: String?) async throws(Failure) {
        let document = try await discovery.current()
        guard let callbackIssuer else {
            if document.namesIssuerInCallback {
                throw failures.refused("the callback names no issuer, as this provider's do")
            }
            return
        }
        guard callbackIssuer.isExactly(document.issuer) else {
            throw failures.refused("the callback is of another issuer")
        }
    }

    /// Who signed in, by the code of the callback.
    ///
    /// - Parameters:
    ///   - redirect: the same as in `authorization`.
    ///   - verifier: of the `ProofKey` whose challenge was sent.
    ///   - nonce: the one that was sent.
    /// - Throws: `.unauthenticated` when the provider refuses the code or its token does not hold, `.unavailable` when it
    ///   cannot be asked.
    package func identity(
        code: String,
        redirect: String,
        verifier: String,
        nonce: String
    ) async throws(Failure) -> ProviderIdentity {
        let document = try await discovery.current()
        let tokens = try await tokenRequest.tokens(
            from: document,
            code: code,
            redirect: redirect,
            verifier: verifier
        )
        let (subject, claims) = try await verified(tokens.identity, issuer: document.issuer, nonce: nonce)
        let said = PersonClaims(claims)
        var person = said
        if said.email == nil, let endpoint = document.userInfoEndpoint, let access = tokens.access {
            person = PersonClaims(try await userInfo(endpoint, access: access, subject: subject))
        }
        return ProviderIdentity(
            issuer: document.issuer,
            subject: subject,
            email: person.email,
            isEmailVerified: person.isEmailVerified,
            name: said.name ?? person.name
        )
    }

    /// The subject and the claims of an ID token that holds (section 3.1.3.7).
    private func verified(_ text: String, issuer: String, nonce: String) async throws(Failure) -> (String, JSONMembers)
    {
        let token = try failures.refusing { () throws(SignedToken.Refusal) in try SignedToken(text) }
        guard let key = try await key(of: token) else {
            throw failures.refused("the ID token is signed by a key that is not the provider's")
        }
        guard token.isSigned(by: key) else {
            throw failures.refused("the signature of the ID token does not hold")
        }
        let checks = TokenClaims(issuer: issuer, client: provider.client, nonce: nonce, now: now())
        let subject = try failures.refusing { () throws(SignedToken.Refusal) in try checks.check(token.claims) }
        return (subject, token.claims)
    }

    /// The key that a token names. One that is not known may be new, so the keys are fetched again (section 10.1.1).
    private func key(of token: SignedToken) async throws(Failure) -> SigningKey? {
        if let key = try await keys.current().key(token.key, for: token.algorithm) { return key }
        return try await keys.refreshed().key(token.key, for: token.algorithm)
    }

    /// What the userinfo endpoint says (section 5.3), which must be of the same person.
    private func userInfo(_ endpoint: String, access: String, subject: String) async throws(Failure) -> JSONMembers {
        let what = "the userinfo endpoint"
        let headers = [(name: "Authorization", value: "Bearer \(access)")]
        let answer = try await fetching.answer(to: fetching.request(.get, endpoint, headers: headers), what: what)
        guard answer.status == 200 else {
            throw failures.refused("\(what) refused the access token with the status \(answer.status)")
        }
        guard let claims = JSONMembers(bytes: answer.body) else {
            throw failures.unavailable("\(what): the answer is no JSON object")
        }
        guard let named = TokenClaims.subject(claims), named.isExactly(subject) else {
            throw failures.refused("\(what) answered with another subject than the ID token's")
        }
        return claims
    }
}
