import Foundation
import OffstageSchema
import Testing

@testable import OffstageAccounts

/// Passkeys that were made and used by software of others.
@Suite struct OthersPasskeyTests {
    private static let shop = RelyingParty(id: "shop.example", name: "Shop", origins: ["https://shop.example"])

    @Test func thereAreSome() {
        #expect(OthersPasskey.kept.map(\.name) == ["soft-webauthn", "ES256", "EdDSA", "RS256"])
    }

    @Test(arguments: OthersPasskey.kept)
    func theyAreRegisteredAndUsed(passkey: OthersPasskey) throws {
        try Self.registerAndUse(passkey)
    }

    @Test(.enabled(if: OthersPasskey.python != nil, "OFFSTAGE_TEST_PYTHON names no Python"))
    func freshOnesAreRegisteredAndUsed() throws {
        let fresh = OthersPasskey.read(try OthersPasskey.run(try #require(OthersPasskey.python), []))
        #expect(fresh.count == 4)
        for passkey in fresh { try Self.registerAndUse(passkey) }
    }

    /// soft-webauthn never says that it verified who used it; the others say that, and that they are backed up.
    private static func registerAndUse(_ passkey: OthersPasskey) throws {
        let isSoft = passkey.name == "soft-webauthn"
        let new = try Registration.verify(
            responseJSON: passkey.registration,
            challenge: passkey.challenge,
            relyingParty: shop,
            requiresUserVerification: !isSoft
        )
        #expect(new.counter == 0)
        #expect(new.isBackedUp == !isSoft)
        #expect(new.isBackupEligible == !isSoft)
        #expect(new.transports == (isSoft ? [] : ["internal", "hybrid"]))
        let stored = StoredPasskey(
            id: new.id,
            publicKey: new.publicKey,
            counter: new.counter,
            isBackupEligible: new.isBackupEligible,
            userHandle: Array("handle-of-16-byt".utf8)
        )
        let verified = try Assertion.verify(
            responseJSON: passkey.assertion,
            challenge: passkey.secondChallenge,
            relyingParty: shop,
            credential: stored,
            requiresUserVerification: !isSoft
        )
        #expect(verified.counter == (isSoft ? 1 : 0))
        #expect(verified.userHandle == stored.userHandle)
        #expect(verified.isUserVerified == !isSoft)
        if isSoft {
            #expect(throws: PasskeyFailure.userNotVerified) {
                try Assertion.verify(
                    responseJSON: passkey.assertion,
                    challenge: passkey.secondChallenge,
                    relyingParty: shop,
                    credential: stored
                )
            }
        }
    }

    private static let creation = CredentialCreationOptions(
        relyingParty: shop,
        user: .init(id: Array("handle-of-16-byt".utf8), name: "ada@shop.example", displayName: "Ada"),
        challenge: Array(repeating: UInt8(ascii: "c"), count: 16),
        excluded: [CredentialDescriptor(id: Array("known".utf8), transports: ["usb"])]
    )
    private static let request = CredentialRequestOptions(
        relyingParty: shop,
        challenge: Array(repeating: UInt8(ascii: "c"), count: 16),
        allowed: [CredentialDescriptor(id: Array("known".utf8))]
    )

    private static func text(_ json: JSON) -> String {
        var writer = JSONWriter()
        writer.write(json)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test(.enabled(if: OthersPasskey.python != nil, "OFFSTAGE_TEST_PYTHON names no Python"))
    func othersReadTheOptions() throws {
        let both = "[\(Self.text(Self.creation.json)),\(Self.text(Self.request.json))]"
        #expect(try OthersPasskey.run(try #require(OthersPasskey.python), [both]) == "[]\n")
    }

    @Test func theOptionsHaveTheFormOfTheSpecification() {
        #expect(
            Self.text(Self.creation.json) == """
                {"rp":{"id":"shop.example","name":"Shop"},"user":{"id":"aGFuZGxlLW9mLTE2LWJ5dA",\
                "name":"ada@shop.example","displayName":"Ada"},"challenge":"Y2NjY2NjY2NjY2NjY2NjYw",\
                "pubKeyCredParams":[{"type":"public-key","alg":-7},{"type":"public-key","alg":-8},\
                {"type":"public-key","alg":-257}],"timeout":300000,\
                "excludeCredentials":[{"type":"public-key","id":"a25vd24","transports":["usb"]}],\
                "authenticatorSelection":{"residentKey":"required","requireResidentKey":true,\
                "userVerification":"required"},"attestation":"none"}
                """
        )
        #expect(
            Self.text(Self.request.json) == """
                {"challenge":"Y2NjY2NjY2NjY2NjY2NjYw","timeout":300000,"rpId":"shop.example",\
                "allowCredentials":[{"type":"public-key","id":"a25vd24"}],"userVerification":"required"}
                """
        )
    }
}
