import Crypto
import OffstageSchema

/// A proof key for one sign-in (RFC 7636): whoever brings the code back must know the verifier, of which the browser saw the
/// challenge alone.
package struct ProofKey: Hashable, Sendable {
    /// 43 characters (section 4.1). Kept until the code comes, and never shown.
    package let verifier: String
    /// By the method S256 (section 4.2).
    package let challenge: String

    /// - Parameter random: unpredictable bytes, as many as are asked for.
    package init(random: (_ count: Int) -> [UInt8]) {
        self.init(verifier: Base64URL.encode(random(32)))
    }

    /// The key of a verifier that was kept.
    package init(verifier: String) {
        self.verifier = verifier
        challenge = Base64URL.encode(Array(SHA256.hash(data: Array(verifier.utf8))))
    }
}
