import Crypto
import FoundationEssentials

/// The site that passkeys are for (WebAuthn Level 3, section 4).
package struct RelyingParty: Hashable, Sendable {
    /// A domain: `shop.example`. The passkeys are good on it and all below it.
    package let id: String
    /// What people read.
    package let name: String
    /// Where the pages are, exactly: `https://shop.example`.
    package let origins: [String]

    package init(id: String, name: String, origins: [String]) {
        self.id = id
        self.name = name
        self.origins = origins
    }

    /// The steps on the authenticator's data that sections 7.1 and 7.2 share.
    func check(_ data: AuthenticatorData, requiresUserVerification: Bool) throws(PasskeyFailure) {
        guard data.relyingPartyHash == Array(SHA256.hash(data: Array(id.utf8))) else { throw .wrongRelyingParty }
        guard data.flags.contains(.userPresent) else { throw .userNotPresent }
        guard !requiresUserVerification || data.flags.contains(.userVerified) else { throw .userNotVerified }
        guard data.flags.contains(.backupEligible) || !data.flags.contains(.backedUp) else {
            throw .contradictoryBackup
        }
    }
}
