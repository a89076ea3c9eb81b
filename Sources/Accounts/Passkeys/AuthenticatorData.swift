/// What an authenticator signs (WebAuthn Level 3, section 6.1).
package struct AuthenticatorData: Sendable {
    /// Section 6.1, the flags.
    package struct Flags: OptionSet, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        package static let userPresent = Flags(rawValue: 1 << 0)
        package static let userVerified = Flags(rawValue: 1 << 2)
        package static let backupEligible = Flags(rawValue: 1 << 3)
        package static let backedUp = Flags(rawValue: 1 << 4)
        package static let attestedCredential = Flags(rawValue: 1 << 6)
        package static let extensions = Flags(rawValue: 1 << 7)
    }

    /// Section 6.5.1.
    package struct AttestedCredential: Sendable {
        /// 16 bytes: the model of the authenticator, zero when it does not say.
        package let model: [UInt8]
        package let id: [UInt8]
        /// The COSE key as it came.
        package let publicKey: [UInt8]
    }

    /// SHA-256 of the relying party's id.
    package let relyingPartyHash: [UInt8]
    package let flags: Flags
    package let counter: UInt32
    package let credential: AttestedCredential?
    package let extensions: CBOR?

    /// Section 7.1: an id is at most this many bytes.
    static let longestID = 1023

    /// - Throws: `.malformed` for bytes that end too early or too late for their flags.
    package init(_ bytes: [UInt8]) throws(PasskeyFailure) {
        var rest = bytes[...]
        relyingPartyHash = Array(try Self.take(32, of: &rest))
        flags = Flags(rawValue: try Self.take(1, of: &rest).first ?? 0)
        counter = try Self.take(4, of: &rest).reduce(0) { $0 << 8 | UInt32($1) }
        credential = flags.contains(.attestedCredential) ? try Self.credential(&rest) : nil
        extensions = flags.contains(.extensions) ? try Self.extensions(&rest) : nil
        guard rest.isEmpty else { throw .malformed("\(rest.count) bytes follow the authenticator data") }
    }

    private static func credential(_ rest: inout ArraySlice<UInt8>) throws(PasskeyFailure) -> AttestedCredential {
        let model = Array(try take(16, of: &rest))
        let length = try take(2, of: &rest).reduce(0) { $0 << 8 | Int($1) }
        guard (1...longestID).contains(length) else { throw .malformed("the passkey's id has \(length) bytes") }
        let id = Array(try take(length, of: &rest))
        let (key, _) = try takeCBOR(of: &rest)
        return AttestedCredential(model: model, id: id, publicKey: Array(key))
    }

    private static func extensions(_ rest: inout ArraySlice<UInt8>) throws(PasskeyFailure) -> CBOR {
        let (_, value) = try takeCBOR(of: &rest)
        guard case .map = value else { throw .malformed("the extensions are no map") }
        return value
    }

    private static func take(_ count: Int, of rest: inout ArraySlice<UInt8>) throws(PasskeyFailure) -> ArraySlice<UInt8>
    {
        guard rest.count >= count else { throw .malformed("the authenticator data end too early") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private static func takeCBOR(
        of rest: inout ArraySlice<UInt8>
    ) throws(PasskeyFailure) -> (bytes: ArraySlice<UInt8>, value: CBOR) {
        do throws(CBORDecoder.Refusal) {
            let (value, length) = try CBORDecoder.decodeFirst(rest)
            defer { rest = rest.dropFirst(length) }
            return (rest.prefix(length), value)
        } catch {
            throw .malformed("the authenticator data hold no CBOR where they should: \(error.reason)")
        }
    }
}
