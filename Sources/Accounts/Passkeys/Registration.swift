package import OffstageSchema

/// What is kept of a passkey that was registered.
package struct NewPasskey: Sendable {
    /// At most 1,023 bytes. The caller refuses one that an account has already (WebAuthn Level 3, section 7.1).
    package let id: [UInt8]
    /// In COSE form.
    package let publicKey: [UInt8]
    package let counter: UInt32
    /// How the authenticator is reached, for the options of later requests.
    package let transports: [String]
    /// Whether it can be on more than one device.
    package let isBackupEligible: Bool
    package let isBackedUp: Bool
    /// 16 bytes: the model of the authenticator, zero when it does not say. Not proven.
    package let model: [UInt8]
}

/// The registration ceremony (WebAuthn Level 3, section 7.1).
package enum Registration {
    /// Checks what `PublicKeyCredential.toJSON()` made of a new passkey (a RegistrationResponseJSON, section 5.1).
    ///
    /// Attestation "none" was asked for: a statement that comes all the same is not looked at and proves nothing.
    ///
    /// - Parameter challenge: the bytes of the options, which the caller gives up with this call.
    package static func verify(
        responseJSON: JSON,
        challenge: [UInt8],
        relyingParty: RelyingParty,
        requiresUserVerification: Bool = true
    ) throws(PasskeyFailure) -> NewPasskey {
        let credential = try ResponseJSON(responseJSON, "the answer")
        let id = try credential.credentialID()
        let response = try ResponseJSON(credential["response"], "response")
        let client = try ClientData(try response.bytes("clientDataJSON"))
        try client.check(.registration, challenge: challenge, relyingParty: relyingParty)
        let data = try authenticatorData(of: try response.bytes("attestationObject"))
        try relyingParty.check(data, requiresUserVerification: requiresUserVerification)
        guard let attested = data.credential else { throw .malformed("the authenticator data hold no new passkey") }
        guard attested.id == id else { throw .malformed("the authenticator names another id than the answer") }
        // Reading it checks that its algorithm is one of those that were offered.
        _ = try COSEKey(attested.publicKey)
        return NewPasskey(
            id: id,
            publicKey: attested.publicKey,
            counter: data.counter,
            transports: transports(response["transports"]),
            isBackupEligible: data.flags.contains(.backupEligible),
            isBackedUp: data.flags.contains(.backedUp),
            model: attested.model
        )
    }

    /// Section 6.5.4.
    private static func authenticatorData(of attestation: [UInt8]) throws(PasskeyFailure) -> AuthenticatorData {
        let object: CBOR
        do throws(CBORDecoder.Refusal) {
            object = try CBORDecoder.decode(attestation)
        } catch {
            throw .malformed("the attestation is no CBOR at byte \(error.offset): \(error.reason)")
        }
        guard case .text(let format)? = object["fmt"], case .map(let statement)? = object["attStmt"],
            let data = object["authData"]?.byteString
        else { throw .malformed("the attestation lacks fmt, attStmt or authData") }
        // Section 8.7.
        guard format != "none" || statement.isEmpty else {
            throw .malformed("the attestation is \"none\" and has a statement")
        }
        return try AuthenticatorData(data)
    }

    /// At most eight words such as `internal` and `hybrid`; what is none is left out, as they are hints alone.
    private static func transports(_ json: JSON?) -> [String] {
        guard case .array(let elements)? = json else { return [] }
        let words = elements.compactMap { element -> String? in
            guard case .string(let word) = element, (1...32).contains(word.utf8.count),
                word.utf8.allSatisfy({ (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d })
            else { return nil }
            return word
        }
        return Array(words.prefix(8))
    }
}
