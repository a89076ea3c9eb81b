import Crypto
import CryptoExtras
import FoundationEssentials

/// A passkey's public key in COSE form (RFC 9052, section 7, and RFC 9053), with the one algorithm that it names: a
/// signature of another kind is never checked with it.
package struct COSEKey: Sendable {
    /// The algorithms that are offered, the preferred first, by their COSE numbers (WebAuthn Level 3, section 5.4).
    package enum Algorithm: Int64, Sendable, CaseIterable {
        /// ECDSA on P-256 with SHA-256.
        case es256 = -7
        /// Ed25519.
        case edDSA = -8
        /// RSASSA-PKCS1-v1_5 with SHA-256.
        case rs256 = -257
    }

    private enum Key: Sendable {
        case es256(P256.Signing.PublicKey)
        case edDSA(Curve25519.Signing.PublicKey)
        case rs256(_RSA.Signing.PublicKey)
    }

    private let key: Key

    package var algorithm: Algorithm {
        switch key {
        case .es256: .es256
        case .edDSA: .edDSA
        case .rs256: .rs256
        }
    }

    /// - Throws: `.unsupportedAlgorithm`, or `.invalidKey` for a key that its algorithm does not have.
    package init(_ bytes: [UInt8]) throws(PasskeyFailure) {
        let cbor: CBOR
        do throws(CBORDecoder.Refusal) {
            cbor = try CBORDecoder.decode(bytes)
        } catch {
            throw .invalidKey("the key is no CBOR, at byte \(error.offset): \(error.reason)")
        }
        guard let number = cbor[Label.algorithm]?.integer, let algorithm = Algorithm(rawValue: number) else {
            throw .unsupportedAlgorithm
        }
        key =
            switch algorithm {
            case .es256: try Self.es256(cbor)
            case .edDSA: try Self.edDSA(cbor)
            case .rs256: try Self.rs256(cbor)
            }
    }

    /// The labels of RFC 9052, section 7.1, RFC 9053, sections 7.1 and 7.2, and RFC 8230, section 4.
    private enum Label {
        static let keyType: Int64 = 1
        static let algorithm: Int64 = 3
        static let curve: Int64 = -1
        static let x: Int64 = -2
        static let y: Int64 = -3
        static let modulus: Int64 = -1
        static let exponent: Int64 = -2
    }

    /// Both coordinates: WebAuthn Level 3, section 5.8.5, has no compressed points.
    private static func es256(_ cbor: CBOR) throws(PasskeyFailure) -> Key {
        guard cbor[Label.keyType]?.integer == 2, cbor[Label.curve]?.integer == 1,
            let x = cbor[Label.x]?.byteString, x.count == 32, let y = cbor[Label.y]?.byteString, y.count == 32
        else { throw .invalidKey("the key for ES256 is no point of P-256") }
        do {
            return .es256(try P256.Signing.PublicKey(x963Representation: [0x04] + x + y))
        } catch {
            throw .invalidKey("the key for ES256 is not on P-256")
        }
    }

    private static func edDSA(_ cbor: CBOR) throws(PasskeyFailure) -> Key {
        guard cbor[Label.keyType]?.integer == 1, cbor[Label.curve]?.integer == 6,
            let x = cbor[Label.x]?.byteString, x.count == 32
        else { throw .invalidKey("the key for EdDSA is none of Ed25519") }
        do {
            return .edDSA(try Curve25519.Signing.PublicKey(rawRepresentation: x))
        } catch {
            throw .invalidKey("the key for EdDSA is none of Ed25519")
        }
    }

    private static func rs256(_ cbor: CBOR) throws(PasskeyFailure) -> Key {
        guard cbor[Label.keyType]?.integer == 3,
            let modulus = cbor[Label.modulus]?.byteString, let exponent = cbor[Label.exponent]?.byteString,
            let key = RSAPublicKey.make(modulus: modulus, exponent: exponent, bitsAtMost: 4096)
        else { throw .invalidKey("the key for RS256 is no RSA key of 2,048 to 4,096 bits") }
        return .rs256(key)
    }

    /// Whether the signature, in the form that WebAuthn Level 3, section 6.5.5, gives to its algorithm, is of the data.
    package func verify(_ signature: [UInt8], of data: [UInt8]) -> Bool {
        switch key {
        case .es256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: data)
        case .edDSA(let key):
            // The library takes the length for granted.
            guard signature.count == 64 else { return false }
            return key.isValidSignature(signature, for: data)
        case .rs256(let key):
            let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
            return key.isValidSignature(signature, for: data, padding: .insecurePKCS1v1_5)
        }
    }
}
