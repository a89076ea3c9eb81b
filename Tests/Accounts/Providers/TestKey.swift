import Crypto
import CryptoExtras
import Foundation
import OffstageSchema

/// A key that a provider of the tests signs with, and how it is published.
enum TestKey: Sendable {
    case rsa(_RSA.Signing.PrivateKey)
    case p256(P256.Signing.PrivateKey)
    case p384(P384.Signing.PrivateKey)
    case p521(P521.Signing.PrivateKey)
    case ed25519(Curve25519.Signing.PrivateKey)

    static let sharedRSA = TestKey.rsa(rsaKey())

    private static func rsaKey() -> _RSA.Signing.PrivateKey {
        do {
            return try _RSA.Signing.PrivateKey(keySize: .bits2048)
        } catch {
            fatalError("no RSA key: \(error)")
        }
    }

    /// A key for an algorithm of RFC 7518.
    static func made(for algorithm: String) -> TestKey {
        switch algorithm {
        case "ES256": .p256(P256.Signing.PrivateKey())
        case "ES384": .p384(P384.Signing.PrivateKey())
        case "ES512": .p521(P521.Signing.PrivateKey())
        case "EdDSA", "Ed25519": .ed25519(Curve25519.Signing.PrivateKey())
        default: sharedRSA
        }
    }

    func signature(of bytes: [UInt8], by algorithm: String) throws -> [UInt8] {
        switch self {
        case .rsa(let key):
            let padding: _RSA.Signing.Padding = algorithm.hasPrefix("PS") ? .PSS : .insecurePKCS1v1_5
            return switch algorithm.suffix(3) {
            case "384": Array(try key.signature(for: SHA384.hash(data: bytes), padding: padding).rawRepresentation)
            case "512": Array(try key.signature(for: SHA512.hash(data: bytes), padding: padding).rawRepresentation)
            default: Array(try key.signature(for: SHA256.hash(data: bytes), padding: padding).rawRepresentation)
            }
        case .p256(let key): return Array(try key.signature(for: bytes).rawRepresentation)
        case .p384(let key): return Array(try key.signature(for: bytes).rawRepresentation)
        case .p521(let key): return Array(try key.signature(for: bytes).rawRepresentation)
        case .ed25519(let key): return Array(try key.signature(for: bytes))
        }
    }

    /// The public key as a member of a JWK Set, with these further members.
    func jwk(_ more: [String: String] = [:]) throws -> String {
        var members = more.mapValues { "\"\($0)\"" }
        for (name, value) in try parameters() { members[name] = "\"\(value)\"" }
        return JSONText.object(members)
    }

    private func parameters() throws -> [String: String] {
        switch self {
        case .rsa(let key):
            let numbers = try key.publicKey.getKeyPrimitives()
            return [
                "kty": "RSA", "n": Base64URL.encode(Array(numbers.modulus)),
                "e": Base64URL.encode(Array(numbers.publicExponent)),
            ]
        case .p256(let key): return Self.point("P-256", Array(key.publicKey.rawRepresentation))
        case .p384(let key): return Self.point("P-384", Array(key.publicKey.rawRepresentation))
        case .p521(let key): return Self.point("P-521", Array(key.publicKey.rawRepresentation))
        case .ed25519(let key):
            return ["kty": "OKP", "crv": "Ed25519", "x": Base64URL.encode(Array(key.publicKey.rawRepresentation))]
        }
    }

    private static func point(_ curve: String, _ bytes: [UInt8]) -> [String: String] {
        let half = bytes.count / 2
        return [
            "kty": "EC", "crv": curve, "x": Base64URL.encode(Array(bytes.prefix(half))),
            "y": Base64URL.encode(Array(bytes.suffix(half))),
        ]
    }
}

enum JSONText {
    /// An object of names and values that are JSON already.
    static func object(_ members: [String: String]) -> String {
        "{" + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}"
    }
}
