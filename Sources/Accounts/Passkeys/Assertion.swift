package import OffstageSchema

/// A passkey as it is kept.
package struct StoredPasskey: Sendable {
    package let id: [UInt8]
    /// In COSE form.
    package let publicKey: [UInt8]
    /// The highest that it has shown.
    package let counter: UInt32
    /// What it said when it was registered; nil when that is not known.
    package let isBackupEligible: Bool?
    /// The handle of the account that it belongs to, as the options of its registration had it.
    package let userHandle: [UInt8]

    package init(id: [UInt8], publicKey: [UInt8], counter: UInt32, isBackupEligible: Bool?, userHandle: [UInt8]) {
        self.id = id
        self.publicKey = publicKey
        self.counter = counter
        self.isBackupEligible = isBackupEligible
        self.userHandle = userHandle
    }
}

/// The authentication ceremony (WebAuthn Level 3, section 7.2), in two steps: reading what the browser sent, which names the
/// passkey to look up, and checking it against that one.
package struct Assertion: Sendable {
    /// Claimed, and not proven before `verify`.
    package let credentialID: [UInt8]
    /// Claimed, and not proven before `verify`. Passkeys that are found without an account's name say it.
    package let userHandle: [UInt8]?
    private let client: ClientData
    private let authenticatorData: [UInt8]
    private let signature: [UInt8]

    package struct Verified: Sendable {
        /// To be kept.
        package let counter: UInt32
        /// To be kept.
        package let isBackedUp: Bool
        package let userHandle: [UInt8]?
        /// Whether the authenticator checked a PIN, a finger or a face.
        package let isUserVerified: Bool
    }

    /// - Parameter responseJSON: what `PublicKeyCredential.toJSON()` made (an AuthenticationResponseJSON, section 5.1).
    /// - Throws: `.malformed`.
    package init(responseJSON: JSON) throws(PasskeyFailure) {
        let credential = try ResponseJSON(responseJSON, "the answer")
        credentialID = try credential.credentialID()
        let response = try ResponseJSON(credential["response"], "response")
        client = try ClientData(try response.bytes("clientDataJSON"))
        authenticatorData = try response.bytes("authenticatorData")
        signature = try response.bytes("signature")
        userHandle = try response.bytesIfAny("userHandle")
    }

    /// - Parameters:
    ///   - challenge: the bytes of the options, which the caller gives up with this call.
    ///   - credential: the passkey with the id that is claimed.
    ///   - requiresUserHandle: whether the passkey itself has to say whose it is, since nothing else has: it must when nobody
    ///     named an account first (section 7.2).
    package func verify(
        challenge: [UInt8],
        relyingParty: RelyingParty,
        credential: StoredPasskey,
        requiresUserHandle: Bool = true,
        requiresUserVerification: Bool = true
    ) throws(PasskeyFailure) -> Verified {
        guard credentialID == credential.id else { throw .wrongCredential }
        guard userHandle == credential.userHandle || userHandle == nil && !requiresUserHandle else { throw .wrongUser }
        try client.check(.assertion, challenge: challenge, relyingParty: relyingParty)
        let data = try AuthenticatorData(authenticatorData)
        try relyingParty.check(data, requiresUserVerification: requiresUserVerification)
        let isBackupEligible = data.flags.contains(.backupEligible)
        guard credential.isBackupEligible ?? isBackupEligible == isBackupEligible else { throw .contradictoryBackup }
        guard try COSEKey(credential.publicKey).verify(signature, of: authenticatorData + client.hash) else {
            throw .wrongSignature
        }
        // Passkeys that are on several devices always say 0.
        guard data.counter > credential.counter || data.counter == 0 && credential.counter == 0 else {
            throw .counterNotRising(stored: credential.counter, shown: data.counter)
        }
        return Verified(
            counter: data.counter,
            isBackedUp: data.flags.contains(.backedUp),
            userHandle: userHandle,
            isUserVerified: data.flags.contains(.userVerified)
        )
    }

    /// Both steps at once, where the passkey is known before.
    package static func verify(
        responseJSON: JSON,
        challenge: [UInt8],
        relyingParty: RelyingParty,
        credential: StoredPasskey,
        requiresUserHandle: Bool = true,
        requiresUserVerification: Bool = true
    ) throws(PasskeyFailure) -> Verified {
        try Assertion(responseJSON: responseJSON).verify(
            challenge: challenge,
            relyingParty: relyingParty,
            credential: credential,
            requiresUserHandle: requiresUserHandle,
            requiresUserVerification: requiresUserVerification
        )
    }
}
