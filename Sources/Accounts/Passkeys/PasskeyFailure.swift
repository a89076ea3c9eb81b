/// Why a passkey was not taken. The reasons are for the operator's log; who asks learns only that it did not work.
package enum PasskeyFailure: Error, Hashable, Sendable {
    /// Not in the form that browsers send; says what is not.
    case malformed(String)
    /// An answer of the other ceremony.
    case wrongType(String)
    case wrongChallenge
    /// Made on another site, which it names.
    case wrongOrigin(String)
    /// Made in a frame of another site.
    case crossOrigin
    /// Made for another relying party.
    case wrongRelyingParty
    case userNotPresent
    case userNotVerified
    /// It says that it is backed up and cannot be, or is not what it was when it was registered.
    case contradictoryBackup
    case unsupportedAlgorithm
    case invalidKey(String)
    /// Another passkey than the one whose key is at hand.
    case wrongCredential
    /// Of another account, or of none when it had to say.
    case wrongUser
    case wrongSignature
    /// The authenticator has signed as often before, so there may be two of it.
    case counterNotRising(stored: UInt32, shown: UInt32)
}

extension PasskeyFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let reason): "the answer is malformed: \(reason)"
        case .wrongType(let type): "the answer is of the type \"\(type)\""
        case .wrongChallenge: "the answer is to another challenge"
        case .wrongOrigin(let origin): "the answer is from the origin \"\(origin)\", which is none of this app's"
        case .crossOrigin: "the answer was made in a frame of another site"
        case .wrongRelyingParty: "the passkey is for another relying party"
        case .userNotPresent: "nobody touched the authenticator"
        case .userNotVerified: "the authenticator did not verify who used it"
        case .contradictoryBackup: "what it says of its backup contradicts itself or what is known"
        case .unsupportedAlgorithm: "its algorithm is none of those that were offered"
        case .invalidKey(let reason): reason
        case .wrongCredential: "it is another passkey"
        case .wrongUser: "it is a passkey of another account, or does not say of which"
        case .wrongSignature: "the signature is wrong"
        case .counterNotRising(let stored, let shown):
            "its counter is \(shown) where it was \(stored) before: there may be a copy of the authenticator"
        }
    }
}
