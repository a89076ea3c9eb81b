import Crypto
import CryptoExtras
import Foundation
import OffstageSchema

@testable import OffstageAccounts

extension JSON {
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The same with another value at a path of names; nil takes the member away.
    func with(_ path: [String], _ value: JSON?) -> JSON {
        guard let name = path.first, case .object(let members) = self else { return self }
        let inner = path.count == 1 ? value : (self[name] ?? .object([])).with(Array(path.dropFirst()), value)
        return .object(members.filter { $0.name != name } + (inner.map { [.init(name, $0)] } ?? []))
    }
}

/// Writes CBOR, as much as the tests need.
enum CBORText {
    static func head(_ kind: UInt8, _ number: UInt64) -> [UInt8] {
        let kind = kind << 5
        switch number {
        case 0..<24: return [kind | UInt8(number)]
        case 24...0xff: return [kind | 24, UInt8(number)]
        case 0x100...0xffff: return [kind | 25] + withUnsafeBytes(of: UInt16(number).bigEndian) { Array($0) }
        default: return [kind | 26] + withUnsafeBytes(of: UInt32(number).bigEndian) { Array($0) }
        }
    }

    static func integer(_ number: Int) -> [UInt8] {
        number < 0 ? head(1, UInt64(-1 - number)) : head(0, UInt64(number))
    }

    static func bytes(_ bytes: [UInt8]) -> [UInt8] { head(2, UInt64(bytes.count)) + bytes }
    static func text(_ text: String) -> [UInt8] { head(3, UInt64(text.utf8.count)) + Array(text.utf8) }
    static func map(_ members: [([UInt8], [UInt8])]) -> [UInt8] {
        head(5, UInt64(members.count)) + members.flatMap { $0.0 + $0.1 }
    }
}

/// An authenticator and a browser that do what a test wants, right or wrong.
struct TestAuthenticator {
    enum Key {
        case es256(P256.Signing.PrivateKey)
        case edDSA(Curve25519.Signing.PrivateKey)
        case rs256(_RSA.Signing.PrivateKey)
    }

    var key: Key = .es256(P256.Signing.PrivateKey())
    var id: [UInt8] = Array("an id of a passkey".utf8)
    var handle: [UInt8]? = Array("handle-of-16-byt".utf8)
    var relyingParty = "shop.example"
    var origin = "https://shop.example"
    var type: String?
    var more: [JSON.Member] = []
    var flags: AuthenticatorData.Flags = [.userPresent, .userVerified]
    var counter: UInt32 = 1
    var afterData: [UInt8] = []
    var format = "none"
    var statement = CBORText.map([])
    /// Stands in for the key that is told.
    var shownKey: [UInt8]?

    static func make(_ algorithm: COSEKey.Algorithm) throws -> TestAuthenticator {
        switch algorithm {
        case .es256: TestAuthenticator(key: .es256(P256.Signing.PrivateKey()))
        case .edDSA: TestAuthenticator(key: .edDSA(Curve25519.Signing.PrivateKey()))
        case .rs256: TestAuthenticator(key: .rs256(try _RSA.Signing.PrivateKey(keySize: .bits2048)))
        }
    }

    func publicKey() throws -> [UInt8] {
        switch key {
        case .es256(let key):
            let point = Array(key.publicKey.x963Representation)
            return Self.cose([
                (1, CBORText.integer(2)), (3, CBORText.integer(-7)), (-1, CBORText.integer(1)),
                (-2, CBORText.bytes(Array(point[1..<33]))), (-3, CBORText.bytes(Array(point[33...]))),
            ])
        case .edDSA(let key):
            return Self.cose([
                (1, CBORText.integer(1)), (3, CBORText.integer(-8)), (-1, CBORText.integer(6)),
                (-2, CBORText.bytes(Array(key.publicKey.rawRepresentation))),
            ])
        case .rs256(let key):
            let primitives = try key.publicKey.getKeyPrimitives()
            return Self.cose([
                (1, CBORText.integer(3)), (3, CBORText.integer(-257)),
                (-1, CBORText.bytes(Array(primitives.modulus))),
                (-2, CBORText.bytes(Array(primitives.publicExponent.drop { $0 == 0 }))),
            ])
        }
    }

    static func cose(_ members: [(Int, [UInt8])]) -> [UInt8] {
        CBORText.map(members.map { (CBORText.integer($0.0), $0.1) })
    }

    func sign(_ data: [UInt8]) throws -> [UInt8] {
        switch key {
        case .es256(let key): Array(try key.signature(for: data).derRepresentation)
        case .edDSA(let key): Array(try key.signature(for: data))
        case .rs256(let key): Array(try key.signature(for: data, padding: .insecurePKCS1v1_5).rawRepresentation)
        }
    }

    private func client(_ type: String, _ challenge: [UInt8]) -> [UInt8] {
        var writer = JSONWriter()
        writer.write(
            .object(
                [
                    .init("type", .string(self.type ?? type)),
                    .init("challenge", .string(Base64URL.encode(challenge))), .init("origin", .string(origin)),
                ] + more
            )
        )
        return writer.bytes
    }

    private func data(_ flags: AuthenticatorData.Flags, _ attested: [UInt8] = []) -> [UInt8] {
        Array(SHA256.hash(data: Array(relyingParty.utf8))) + [flags.rawValue]
            + withUnsafeBytes(of: counter.bigEndian) { Array($0) } + attested + afterData
    }

    private func answer(_ response: [JSON.Member]) -> JSON {
        let id = JSON.string(Base64URL.encode(id))
        return .object([
            .init("id", id), .init("rawId", id), .init("type", .string("public-key")),
            .init("response", .object(response)),
        ])
    }

    func register(_ challenge: [UInt8]) throws -> JSON {
        let length = withUnsafeBytes(of: UInt16(id.count).bigEndian) { Array($0) }
        let attested = [UInt8](repeating: 0, count: 16) + length + id + (try shownKey ?? publicKey())
        let object = CBORText.map([
            (CBORText.text("fmt"), CBORText.text(format)), (CBORText.text("attStmt"), statement),
            (CBORText.text("authData"), CBORText.bytes(data(flags.union(.attestedCredential), attested))),
        ])
        return answer([
            .init("clientDataJSON", .string(Base64URL.encode(client("webauthn.create", challenge)))),
            .init("attestationObject", .string(Base64URL.encode(object))),
            .init("transports", .array([.string("internal"), .string("<b>"), .number("1")])),
        ])
    }

    func assert(_ challenge: [UInt8]) throws -> JSON {
        let client = client("webauthn.get", challenge)
        let data = data(flags)
        let signature = try sign(data + Array(SHA256.hash(data: client)))
        return answer(
            [
                .init("clientDataJSON", .string(Base64URL.encode(client))),
                .init("authenticatorData", .string(Base64URL.encode(data))),
                .init("signature", .string(Base64URL.encode(signature))),
            ] + (handle.map { [.init("userHandle", .string(Base64URL.encode($0)))] } ?? [])
        )
    }

    func stored(counter: UInt32 = 0, isBackupEligible: Bool? = nil) throws -> StoredPasskey {
        StoredPasskey(
            id: id,
            publicKey: try publicKey(),
            counter: counter,
            isBackupEligible: isBackupEligible,
            userHandle: Array("handle-of-16-byt".utf8)
        )
    }
}
