import Crypto
import CryptoExtras
import Foundation
import OffstageSchema
import Testing

@testable import OffstageAccounts

@Suite struct COSEKeyTests {
    private static func isInvalid(_ members: [(Int, [UInt8])]) -> Bool {
        do throws(PasskeyFailure) {
            _ = try COSEKey(TestAuthenticator.cose(members))
            return false
        } catch {
            if case .invalidKey = error { return true }
            return false
        }
    }

    private static let kindsOfP256 = [(1, CBORText.integer(2)), (3, CBORText.integer(-7)), (-1, CBORText.integer(1))]

    @Test func aPointMustBeOnItsCurve() {
        let point = Array(P256.Signing.PrivateKey().publicKey.x963Representation)
        let x = Array(point[1..<33])
        let y = Array(point[33...])
        let kinds = Self.kindsOfP256
        #expect(!Self.isInvalid(kinds + [(-2, CBORText.bytes(x)), (-3, CBORText.bytes(y))]))
        #expect(Self.isInvalid(kinds + [(-2, CBORText.bytes(y)), (-3, CBORText.bytes(x))]))
        #expect(Self.isInvalid(kinds + [(-2, CBORText.bytes(x)), (-3, CBORText.bytes(Array(y.dropLast())))]))
        #expect(Self.isInvalid(kinds + [(-2, CBORText.bytes([0] + x)), (-3, CBORText.bytes(y))]))
        // Compressed: y as its sign.
        #expect(Self.isInvalid(kinds + [(-2, CBORText.bytes(x)), (-3, [0xf5])]))
        let zero = CBORText.bytes([UInt8](repeating: 0, count: 32))
        #expect(Self.isInvalid(kinds + [(-2, zero), (-3, zero)]))
    }

    @Test func theKindMustBeThatOfTheAlgorithm() {
        let x = CBORText.bytes(Array(Curve25519.Signing.PrivateKey().publicKey.rawRepresentation))
        let algorithm = (3, CBORText.integer(-8))
        #expect(!Self.isInvalid([(1, CBORText.integer(1)), algorithm, (-1, CBORText.integer(6)), (-2, x)]))
        // Ed448, another kind of key, and P-256 where Ed25519 must be.
        #expect(Self.isInvalid([(1, CBORText.integer(1)), algorithm, (-1, CBORText.integer(7)), (-2, x)]))
        #expect(Self.isInvalid([(1, CBORText.integer(2)), algorithm, (-1, CBORText.integer(6)), (-2, x)]))
        #expect(Self.isInvalid([(1, CBORText.integer(2)), algorithm, (-1, CBORText.integer(1)), (-2, x), (-3, x)]))
        #expect(Self.isInvalid([(1, CBORText.integer(1)), algorithm, (-1, CBORText.integer(6))]))
    }

    @Test func anRSAKeyHasBounds() {
        func isInvalid(bytes: Int, first: UInt8 = 0xc0, exponent: [UInt8] = [1, 0, 1]) -> Bool {
            let modulus = [first] + [UInt8](repeating: 0x55, count: bytes - 1)
            return Self.isInvalid([
                (1, CBORText.integer(3)), (3, CBORText.integer(-257)), (-1, CBORText.bytes(modulus)),
                (-2, CBORText.bytes(exponent)),
            ])
        }
        #expect(!isInvalid(bytes: 256))
        #expect(!isInvalid(bytes: 512))
        #expect(isInvalid(bytes: 128))
        #expect(isInvalid(bytes: 255))
        #expect(isInvalid(bytes: 256, first: 0x7f))
        #expect(isInvalid(bytes: 513))
        #expect(isInvalid(bytes: 4096))
        for exponent: [UInt8] in [[], [1], [2], [1, 0, 0], [1, 0, 0, 0, 1], [0], [0, 0, 0, 1]] {
            #expect(isInvalid(bytes: 256, exponent: exponent), "\(exponent)")
        }
    }

    @Test func whatIsNoKeyIsRefused() {
        for bytes: [UInt8] in [[], [0xa0], [0x80], [0x40], [0xff]] {
            #expect(throws: PasskeyFailure.self) { try COSEKey(bytes) }
        }
        #expect(throws: PasskeyFailure.unsupportedAlgorithm) {
            try COSEKey(TestAuthenticator.cose([(1, CBORText.integer(2)), (3, CBORText.integer(-37))]))
        }
    }

    @Test func aPSSSignatureIsNone() throws {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let authenticator = TestAuthenticator(key: .rs256(key))
        let data = Array("data".utf8)
        let cose = try COSEKey(try authenticator.publicKey())
        #expect(cose.verify(try authenticator.sign(data), of: data))
        #expect(!cose.verify(Array(try key.signature(for: data, padding: .PSS).rawRepresentation), of: data))
    }
}
