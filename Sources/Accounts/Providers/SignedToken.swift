import OffstageSchema

/// A signed JSON Web Token in its compact form (RFC 7515, section 7.1), of which nothing is believed before `isSigned`.
struct SignedToken: Sendable {
    let algorithm: SigningAlgorithm
    /// The id of the key that signed it, by its own word.
    let key: String?
    let claims: JSONMembers
    private let signed: [UInt8]
    private let signature: [UInt8]

    /// Why a text is no token that can be checked; for the operator.
    struct Refusal: Error {
        let reason: String
    }

    init(_ text: String) throws(Refusal) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw Refusal(reason: "the ID token is no signed JSON Web Token") }
        guard let header = JSONMembers(bytes: header), let claims = JSONMembers(bytes: payload) else {
            throw Refusal(reason: "header or claims of the ID token are no JSON object")
        }
        let name = header.string("alg") ?? ""
        guard let algorithm = SigningAlgorithm(rawValue: name) else {
            let shown = ProviderFailures.excerpt(name, hiding: [text]) ?? ""
            throw Refusal(reason: "the ID token is signed by the algorithm \"\(shown)\", which is not accepted")
        }
        // Extensions that must be understood (RFC 7515, section 4.1.11): none is.
        guard header["crit"] == nil else { throw Refusal(reason: "the ID token needs extensions of its format") }
        self.algorithm = algorithm
        key = header.string("kid")
        self.claims = claims
        self.signature = signature
        signed = Array("\(parts[0]).\(parts[1])".utf8)
    }

    /// Whether the signature is the key's.
    func isSigned(by key: SigningKey) -> Bool { key.verify(signature, of: signed) }
}
