import Crypto
import FoundationEssentials
import OffstageSchema

/// What the browser says that the authenticator was asked for (WebAuthn Level 3, section 5.8.1).
package struct ClientData: Sendable {
    /// The two ceremonies.
    package enum Ceremony: String, Sendable {
        case registration = "webauthn.create"
        case assertion = "webauthn.get"
    }

    package let type: String
    /// As base64url.
    package let challenge: String
    package let origin: String
    package let isCrossOrigin: Bool
    package let topOrigin: String?
    /// SHA-256 of the bytes, which the authenticator signs.
    package let hash: [UInt8]

    /// - Parameter bytes: `clientDataJSON`.
    /// - Throws: `.malformed`.
    package init(_ bytes: [UInt8]) throws(PasskeyFailure) {
        let json: JSON
        do throws(JSONParser.Refusal) {
            json = try JSONParser.parse(bytes)
        } catch {
            throw .malformed("the client data are no JSON at byte \(error.offset): \(error.reason)")
        }
        let members = try ResponseJSON(json, "the client data")
        type = try members.text("type")
        challenge = try members.text("challenge")
        origin = try members.text("origin")
        isCrossOrigin =
            switch members["crossOrigin"] {
            case nil, .boolean(false): false
            case .boolean(true): true
            default: throw .malformed("crossOrigin of the client data is neither true nor false")
            }
        topOrigin = members["topOrigin"] == nil ? nil : try members.text("topOrigin")
        hash = Array(SHA256.hash(data: bytes))
    }

    /// The steps that sections 7.1 and 7.2 share. No page of ours asks from within a frame of another site.
    func check(_ ceremony: Ceremony, challenge: [UInt8], relyingParty: RelyingParty) throws(PasskeyFailure) {
        guard type == ceremony.rawValue else { throw .wrongType(type) }
        guard !challenge.isEmpty, ConstantTime.areEqual(self.challenge, Base64URL.encode(challenge)) else {
            throw .wrongChallenge
        }
        guard relyingParty.origins.contains(where: { $0.isExactly(origin) }) else { throw .wrongOrigin(origin) }
        guard !isCrossOrigin, topOrigin == nil else { throw .crossOrigin }
    }
}
