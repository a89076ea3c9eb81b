import OffstageSchema

/// The keys that a provider signs with: its JWK Set (RFC 7517, section 5). Keys of kinds that are not used here are left out,
/// as the section asks for.
struct SigningKeys: Sendable {
    /// More are not looked at; providers have two or three.
    private static let atMost = 100

    private struct Entry: Sendable {
        let identifier: String?
        let type: String
        let curve: String?
        let algorithm: String?
        let members: JSONMembers
    }

    private let entries: [Entry]

    /// Nil when the bytes are no JWK Set.
    init?(bytes: [UInt8]) {
        guard let members = JSONMembers(bytes: bytes), case .array(let keys) = members["keys"] else { return nil }
        entries = keys.prefix(Self.atMost).compactMap { key in
            guard let members = JSONMembers(key), let type = members.string("kty"), Self.signs(members) else {
                return nil
            }
            return Entry(
                identifier: members.string("kid"),
                type: type,
                curve: members.string("crv"),
                algorithm: members.string("alg"),
                members: members
            )
        }
    }

    /// RFC 7517, sections 4.2 and 4.3.
    private static func signs(_ members: JSONMembers) -> Bool {
        let use = members.string("use") ?? "sig"
        let operations = members.strings("key_ops") ?? ["verify"]
        return use == "sig" && operations.contains("verify")
    }

    /// The key of a token's header: the one with its id, or the only one that fits when the header has none (OpenID Connect
    /// Core 1.0, section 10.1).
    func key(_ identifier: String?, for algorithm: SigningAlgorithm) -> SigningKey? {
        let fitting = entries.filter { entry in
            let isNamed = identifier.map { entry.identifier?.isExactly($0) ?? false } ?? true
            return isNamed && entry.type == algorithm.keyType
                && (algorithm.curve == nil || entry.curve == algorithm.curve)
                && (entry.algorithm == nil || entry.algorithm == algorithm.rawValue)
        }
        guard fitting.count == 1, let members = fitting.first?.members else { return nil }
        return SigningKey(members, for: algorithm)
    }
}

/// Algorithms of signatures whose key the verifier may know (RFC 7518, section 3.1; RFC 8037, section 3.1; RFC 9864,
/// section 2.2). `none` and the HMACs are not among them, so no token can ask for one.
enum SigningAlgorithm: String, Sendable, CaseIterable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case edDSA = "EdDSA"
    /// The newer name of EdDSA with this curve.
    case ed25519 = "Ed25519"

    /// `kty` of its keys.
    var keyType: String {
        switch self {
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: "RSA"
        case .es256, .es384, .es512: "EC"
        case .edDSA, .ed25519: "OKP"
        }
    }

    /// `crv` of its keys.
    var curve: String? {
        switch self {
        case .es256: "P-256"
        case .es384: "P-384"
        case .es512: "P-521"
        case .edDSA, .ed25519: "Ed25519"
        default: nil
        }
    }
}
