import OffstageOutgoing
import OffstageSchema

/// Exchanges a code for tokens (RFC 6749, section 4.1.3; RFC 7636, section 4.5).
struct TokenRequest: Sendable {
    let provider: Provider
    let clientSecret: String?
    let fetching: ProviderFetching

    struct Tokens: Sendable {
        let identity: String
        let access: String?
    }

    func tokens(
        from document: DiscoveryDocument,
        code: String,
        redirect: String,
        verifier: String
    ) async throws(Failure) -> Tokens {
        var parameters = [
            (name: "grant_type", value: "authorization_code"), (name: "code", value: code),
            (name: "redirect_uri", value: redirect), (name: "code_verifier", value: verifier),
        ]
        var headers = [(name: "Content-Type", value: "application/x-www-form-urlencoded")]
        if let clientSecret {
            switch document.authentication {
            case .basic: headers.append(("Authorization", Self.basic(provider.client, clientSecret)))
            case .post: parameters += [("client_id", provider.client), ("client_secret", clientSecret)]
            case .neither(let methods):
                let shown = ProviderFailures.excerpt(methods.joined(separator: ", "), hiding: [clientSecret]) ?? ""
                throw fetching.failures.unavailable(
                    "its token endpoint takes neither client_secret_basic nor client_secret_post, but \(shown)"
                )
            }
        } else {
            parameters.append(("client_id", provider.client))
        }
        let request = fetching.request(
            .post,
            document.tokenEndpoint,
            headers: headers,
            body: Array(FormText.of(parameters).utf8)
        )
        let answer = try await fetching.answer(to: request, what: "the token endpoint")
        guard answer.status == 200 else {
            throw refusal(answer, hiding: [code, verifier, clientSecret ?? ""])
        }
        return try tokens(answer)
    }

    /// OpenID Connect Core 1.0, section 3.1.3.3.
    private func tokens(_ answer: FetchedResponse) throws(Failure) -> Tokens {
        guard let members = JSONMembers(bytes: answer.body) else {
            throw fetching.failures.unavailable("the token endpoint: the answer is no JSON object")
        }
        guard let identity = members.string("id_token") else {
            throw fetching.failures.refused("the token endpoint sent no ID token")
        }
        let isBearer = members.string("token_type")?.asciiLowercased == "bearer"
        return Tokens(identity: identity, access: isBearer ? members.string("access_token") : nil)
    }

    /// RFC 6749, section 5.2. What the provider says of the reason is often all that an operator has to go by.
    private func refusal(_ answer: FetchedResponse, hiding secrets: [String]) -> Failure {
        let members = JSONMembers(bytes: answer.body)
        let reasons = ["error", "error_description"].compactMap { name in
            members?.string(name).flatMap { ProviderFailures.excerpt($0, hiding: secrets) }
        }
        let said = reasons.isEmpty ? "" : ": " + reasons.joined(separator: ", ")
        return fetching.failures.refused("the token endpoint refused the code with the status \(answer.status)\(said)")
    }

    /// RFC 6749, section 2.3.1: both are escaped as in forms before they are joined.
    private static func basic(_ client: String, _ secret: String) -> String {
        "Basic " + base64("\(FormText.escaped(client)):\(FormText.escaped(secret))")
    }

    /// With the alphabet of RFC 4648, section 4, and padding.
    private static func base64(_ text: String) -> String {
        let bytes = Base64URL.encode(Array(text.utf8)).utf8.map { byte in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        let padding = [UInt8](repeating: UInt8(ascii: "="), count: (4 - bytes.count % 4) % 4)
        return String(decoding: bytes + padding, as: UTF8.self)
    }
}
