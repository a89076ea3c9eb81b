import Crypto
import FoundationEssentials
package import OffstageSchema

/// Encrypts small secrets that are kept in the database, so that who reads a copy of it has not got them.
///
/// AES-256-GCM (NIST SP 800-38D) under keys that HKDF-SHA-256 (RFC 5869) derives from the app's secrets. The first secret
/// seals; all open, so that a new one can be put in front of the old.
///
/// A sealed text is `v1.<key id>.<nonce, ciphertext and tag as base64url>`.
package struct Sealing: Sendable {
    private struct Key: Sendable {
        let id: String
        let key: SymmetricKey

        init(secret: String) {
            let material = SymmetricKey(data: Array(secret.utf8))
            key = Self.derive(material, "offstage sealing key v1", bytes: 32)
            id = Self.derive(material, "offstage sealing key id v1", bytes: 6).withUnsafeBytes {
                Base64URL.encode(Array($0))
            }
        }

        private static func derive(_ material: SymmetricKey, _ purpose: String, bytes: Int) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: material,
                info: Array(purpose.utf8),
                outputByteCount: bytes
            )
        }
    }

    private static let version = "v1"

    private let first: Key
    private let keys: [Key]

    /// Nil when there is no secret, or an empty one. How long a secret has to be, who reads the settings says.
    package init?(secrets: [String]) {
        let keys = secrets.map(Key.init)
        guard let first = keys.first, !secrets.contains("") else { return nil }
        self.first = first
        self.keys = keys
    }

    /// - Parameter purpose: what the secret is for and whose, such as `totp:<user id>`. Only the same opens it, so that a
    ///   sealed text put into another row is of no use.
    package func seal(_ secret: [UInt8], for purpose: String) throws(Failure) -> String {
        do {
            let box = try AES.GCM.seal(secret, using: first.key, authenticating: Self.authenticated(purpose))
            let bytes = Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
            return "\(Self.version).\(first.id).\(Base64URL.encode(bytes))"
        } catch {
            throw Failure(
                .internalError,
                "Something went wrong here, and it was not your request.",
                operatorDetail: "AES-GCM: \(error)"
            )
        }
    }

    /// Nil when the text was changed, was sealed for another purpose, or under a secret that is no longer among these.
    package func open(_ sealed: String, for purpose: String) -> [UInt8]? {
        guard let (id, bytes) = Self.parts(of: sealed), let key = keys.first(where: { $0.id == id }),
            let box = try? AES.GCM.SealedBox(combined: bytes),
            let secret = try? AES.GCM.open(box, using: key.key, authenticating: Self.authenticated(purpose))
        else { return nil }
        return Array(secret)
    }

    /// Whether it was not sealed with the first secret, so that sealing it anew lets an old secret go.
    package func isOutdated(_ sealed: String) -> Bool {
        Self.parts(of: sealed)?.id != first.id
    }

    private static func authenticated(_ purpose: String) -> [UInt8] {
        Array("\(version) \(purpose)".utf8)
    }

    private static func parts(of sealed: String) -> (id: String, bytes: [UInt8])? {
        let parts = sealed.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0] == version, let bytes = Base64URL.decode(parts[2]) else { return nil }
        return (parts[1], bytes)
    }
}
