import Crypto
import CryptoExtras
import FoundationEssentials
import OffstageSchema

/// A provider's public key, for the one algorithm that it was looked up for (RFC 7518, section 6; RFC 8037, section 2).
struct SigningKey: Sendable {
    private enum Key: Sendable {
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)
        case p384(P384.Signing.PublicKey)
        case p521(P521.Signing.PublicKey)
        case ed25519(Curve25519.Signing.PublicKey)
    }

    private let key: Key
    private let algorithm: SigningAlgorithm

    /// Nil for a key that cannot be one.
    init?(_ members: JSONMembers, for algorithm: SigningAlgorithm) {
        let key: Key?
        switch algorithm.curve {
        case nil: key = Self.rsa(members)
        case "P-256":
            key = Self.point(members, of: 32).flatMap { try? P256.Signing.PublicKey(x963Representation: $0) }.map(
                Key.p256
            )
        case "P-384":
            key = Self.point(members, of: 48).flatMap { try? P384.Signing.PublicKey(x963Representation: $0) }.map(
                Key.p384
            )
        case "P-521":
            key = Self.point(members, of: 66).flatMap { try? P521.Signing.PublicKey(x963Representation: $0) }.map(
                Key.p521
            )
        default:
            key = Self.bytes("x", of: members, count: 32)
                .flatMap { try? Curve25519.Signing.PublicKey(rawRepresentation: $0) }.map(Key.ed25519)
        }
        guard let key else { return nil }
        self.key = key
        self.algorithm = algorithm
    }

    private static func rsa(_ members: JSONMembers) -> Key? {
        guard let modulus = bytes("n", of: members), let exponent = bytes("e", of: members) else { return nil }
        return RSAPublicKey.make(modulus: modulus, exponent: exponent, bitsAtMost: 8192).map(Key.rsa)
    }

    /// A point in the uncompressed form of X9.63. Each coordinate has the full size of the curve (RFC 7518, section 6.2.1.2).
    private static func point(_ members: JSONMembers, of size: Int) -> [UInt8]? {
        guard let x = bytes("x", of: members, count: size), let y = bytes("y", of: members, count: size) else {
            return nil
        }
        return [0x04] + x + y
    }

    private static func bytes(_ name: String, of members: JSONMembers, count: Int? = nil) -> [UInt8]? {
        guard let bytes = members.string(name).flatMap(Base64URL.decode), count == nil || bytes.count == count else {
            return nil
        }
        return bytes
    }

    /// Whether the signature, in the form that RFC 7518, section 3, gives to the algorithm, is of the data.
    func verify(_ signature: [UInt8], of data: [UInt8]) -> Bool {
        switch key {
        case .rsa(let key): return verify(signature, of: data, key)
        case .p256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: data)
        case .p384(let key):
            guard let signature = try? P384.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: data)
        case .p521(let key):
            guard let signature = try? P521.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: data)
        case .ed25519(let key):
            // The library takes the length for granted.
            guard signature.count == 64 else { return false }
            return key.isValidSignature(signature, for: data)
        }
    }

    private func verify(_ signature: [UInt8], of data: [UInt8], _ key: _RSA.Signing.PublicKey) -> Bool {
        let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
        let name = algorithm.rawValue
        let padding: _RSA.Signing.Padding = name.hasPrefix("PS") ? .PSS : .insecurePKCS1v1_5
        switch algorithm {
        case .rs384, .ps384: return key.isValidSignature(signature, for: SHA384.hash(data: data), padding: padding)
        case .rs512, .ps512: return key.isValidSignature(signature, for: SHA512.hash(data: data), padding: padding)
        default: return key.isValidSignature(signature, for: SHA256.hash(data: data), padding: padding)
        }
    }
}
