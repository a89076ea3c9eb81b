import Crypto
import Foundation
import OffstageSchema
import Testing

@testable import OffstageAccounts

/// Each check of the two ceremonies, and that it bites.
@Suite struct CeremonyTests {
    private static let shop = RelyingParty(
        id: "shop.example",
        name: "Shop",
        origins: ["https://shop.example", "https://www.shop.example"]
    )
    private static let challenge = Array("a challenge of many bytes".utf8)

    private func register(
        _ authenticator: TestAuthenticator,
        verified: Bool = true,
        change: (JSON) -> JSON = { $0 }
    ) throws -> NewPasskey {
        try Registration.verify(
            responseJSON: change(try authenticator.register(Self.challenge)),
            challenge: Self.challenge,
            relyingParty: Self.shop,
            requiresUserVerification: verified
        )
    }

    @discardableResult
    private func use(
        _ authenticator: TestAuthenticator,
        stored: StoredPasskey? = nil,
        handle: Bool = true,
        verified: Bool = true,
        change: (JSON) -> JSON = { $0 }
    ) throws -> Assertion.Verified {
        try Assertion.verify(
            responseJSON: change(try authenticator.assert(Self.challenge)),
            challenge: Self.challenge,
            relyingParty: Self.shop,
            credential: try stored ?? authenticator.stored(),
            requiresUserHandle: handle,
            requiresUserVerification: verified
        )
    }

    /// A change that both ceremonies refuse alike.
    private func bothRefuse(
        _ failure: PasskeyFailure,
        at line: SourceLocation = #_sourceLocation,
        _ change: (inout TestAuthenticator) -> Void
    ) {
        var authenticator = TestAuthenticator()
        change(&authenticator)
        #expect(throws: failure, sourceLocation: line) { try register(authenticator) }
        #expect(throws: failure, sourceLocation: line) { try use(authenticator) }
    }

    @Test(arguments: COSEKey.Algorithm.allCases)
    func aPasskeyIsRegisteredAndUsed(algorithm: COSEKey.Algorithm) throws {
        var authenticator = try TestAuthenticator.make(algorithm)
        authenticator.flags.formUnion([.backupEligible, .backedUp])
        authenticator.origin = "https://www.shop.example"
        let new = try register(authenticator)
        #expect(new.id == authenticator.id)
        #expect(new.counter == 1)
        #expect(new.isBackedUp && new.isBackupEligible)
        #expect(new.transports == ["internal"])
        #expect(new.model == [UInt8](repeating: 0, count: 16))
        #expect(try COSEKey(new.publicKey).algorithm == algorithm)
        let publicKey = try authenticator.publicKey()
        #expect(new.publicKey == publicKey)
        let verified = try use(authenticator)
        #expect(verified.counter == 1)
        #expect(verified.isBackedUp && verified.isUserVerified)
        #expect(verified.userHandle == authenticator.handle)
    }

    @Test func anotherChallengeIsRefused() throws {
        let authenticator = TestAuthenticator()
        for challenge in [Array("another".utf8), []] {
            #expect(throws: PasskeyFailure.wrongChallenge) {
                try Registration.verify(
                    responseJSON: try authenticator.register(Self.challenge),
                    challenge: challenge,
                    relyingParty: Self.shop
                )
            }
            #expect(throws: PasskeyFailure.wrongChallenge) {
                try Assertion.verify(
                    responseJSON: try authenticator.assert(challenge.isEmpty ? [] : Self.challenge),
                    challenge: challenge,
                    relyingParty: Self.shop,
                    credential: try authenticator.stored()
                )
            }
        }
    }

    @Test(arguments: [
        "http://shop.example", "https://shop.example:8443", "https://shop.example.evil.example", "https://shop.exampl",
        "https://shop.example/", "HTTPS://SHOP.EXAMPLE", "",
    ])
    func anotherOriginIsRefused(origin: String) {
        bothRefuse(.wrongOrigin(origin)) { $0.origin = origin }
    }

    @Test func framesOfOtherSitesAreRefused() {
        bothRefuse(.crossOrigin) { $0.more = [.init("crossOrigin", .boolean(true))] }
        bothRefuse(.crossOrigin) { $0.more = [.init("topOrigin", .string("https://evil.example"))] }
        bothRefuse(.malformed("crossOrigin of the client data is neither true nor false")) {
            $0.more = [.init("crossOrigin", .string("false"))]
        }
    }

    @Test func crossOriginMayBeSaidToBeFalse() throws {
        var authenticator = TestAuthenticator()
        authenticator.more = [.init("crossOrigin", .boolean(false)), .init("more", .object([]))]
        _ = try register(authenticator)
        try use(authenticator)
    }

    @Test func anotherRelyingPartyIsRefused() {
        bothRefuse(.wrongRelyingParty) { $0.relyingParty = "evil.example" }
    }

    @Test func theOtherCeremonyIsRefused() throws {
        bothRefuse(.wrongType("payment.get")) { $0.type = "payment.get" }
        var authenticator = TestAuthenticator()
        authenticator.type = "webauthn.get"
        #expect(throws: PasskeyFailure.wrongType("webauthn.get")) { try register(authenticator) }
        authenticator.type = "webauthn.create"
        #expect(throws: PasskeyFailure.wrongType("webauthn.create")) { try use(authenticator) }
    }

    @Test func theUserMustBeThereAndVerified() throws {
        bothRefuse(.userNotPresent) { $0.flags = .userVerified }
        bothRefuse(.userNotVerified) { $0.flags = .userPresent }
        var authenticator = TestAuthenticator()
        authenticator.flags = .userPresent
        _ = try register(authenticator, verified: false)
        #expect(try !use(authenticator, verified: false).isUserVerified)
    }

    @Test func whatIsBackedUpCanBe() throws {
        bothRefuse(.contradictoryBackup) { $0.flags.insert(.backedUp) }
        var authenticator = TestAuthenticator()
        #expect(throws: PasskeyFailure.contradictoryBackup) {
            try use(authenticator, stored: try authenticator.stored(isBackupEligible: true))
        }
        authenticator.flags.insert(.backupEligible)
        #expect(throws: PasskeyFailure.contradictoryBackup) {
            try use(authenticator, stored: try authenticator.stored(isBackupEligible: false))
        }
        try use(authenticator, stored: try authenticator.stored(isBackupEligible: true))
    }

    @Test func theCounterMustRise() throws {
        var authenticator = TestAuthenticator()
        authenticator.counter = 7
        #expect(try use(authenticator, stored: try authenticator.stored(counter: 6)).counter == 7)
        for stored: UInt32 in [7, 8, .max] {
            #expect(throws: PasskeyFailure.counterNotRising(stored: stored, shown: 7)) {
                try use(authenticator, stored: try authenticator.stored(counter: stored))
            }
        }
        authenticator.counter = 0
        try use(authenticator, stored: try authenticator.stored(counter: 0))
        #expect(throws: PasskeyFailure.counterNotRising(stored: 1, shown: 0)) {
            try use(authenticator, stored: try authenticator.stored(counter: 1))
        }
    }

    @Test(arguments: COSEKey.Algorithm.allCases)
    func everyChangeBreaksTheSignature(algorithm: COSEKey.Algorithm) throws {
        let authenticator = try TestAuthenticator.make(algorithm)
        let answer = try authenticator.assert(Self.challenge)
        guard case .string(let text)? = answer["response"]?["signature"], let signature = Base64URL.decode(text) else {
            Issue.record("there is no signature")
            return
        }
        var changed = signature.indices.map { index in
            var bytes = signature
            bytes[index] ^= 0x01
            return bytes
        }
        changed += [[], [0], signature.dropLast(), signature + [0], [0] + signature].map(Array.init)
        for bytes in changed {
            #expect(throws: PasskeyFailure.wrongSignature) {
                try use(authenticator) { _ in
                    answer.with(["response", "signature"], .string(Base64URL.encode(bytes)))
                }
            }
        }
        // What is signed: a counter or client data of another answer.
        var later = authenticator
        later.counter = 9
        later.more = [.init("crossOrigin", .boolean(false))]
        let other = try later.assert(Self.challenge)
        for name in ["authenticatorData", "clientDataJSON"] {
            #expect(throws: PasskeyFailure.wrongSignature) {
                try use(authenticator) { _ in answer.with(["response", name], other["response"]?[name]) }
            }
        }
    }

    @Test func aSignatureByAnotherKeyIsRefused() throws {
        for algorithm in COSEKey.Algorithm.allCases {
            let owner = try TestAuthenticator.make(algorithm)
            for other in COSEKey.Algorithm.allCases {
                #expect(throws: PasskeyFailure.wrongSignature) {
                    try use(try TestAuthenticator.make(other), stored: try owner.stored())
                }
            }
        }
    }

    @Test func anotherPasskeyOrAccountIsRefused() throws {
        var authenticator = TestAuthenticator()
        let stored = try authenticator.stored()
        authenticator.id = Array("another".utf8)
        #expect(throws: PasskeyFailure.wrongCredential) { try use(authenticator, stored: stored) }
        authenticator.id = stored.id
        authenticator.handle = Array("another".utf8)
        for required in [true, false] {
            #expect(throws: PasskeyFailure.wrongUser) { try use(authenticator, handle: required) }
        }
        authenticator.handle = nil
        #expect(throws: PasskeyFailure.wrongUser) { try use(authenticator) }
        #expect(try use(authenticator, handle: false).userHandle == nil)
        try use(authenticator, handle: false) { $0.with(["response", "userHandle"], .null) }
    }

    @Test func otherAttestationsAreNotLookedAt() throws {
        var authenticator = TestAuthenticator()
        authenticator.format = "packed"
        authenticator.statement = CBORText.map([(CBORText.text("sig"), CBORText.bytes([1, 2, 3]))])
        _ = try register(authenticator)
        authenticator.format = "none"
        #expect(throws: PasskeyFailure.malformed("the attestation is \"none\" and has a statement")) {
            try register(authenticator)
        }
    }

    @Test func theIDHasABound() throws {
        var authenticator = TestAuthenticator()
        authenticator.id = [UInt8](repeating: 7, count: 1023)
        #expect(try register(authenticator).id.count == 1023)
        for count in [0, 1024, 60_000] {
            authenticator.id = [UInt8](repeating: 7, count: count)
            #expect(throws: PasskeyFailure.malformed("the passkey's id has \(count) bytes")) {
                try register(authenticator)
            }
        }
    }

    @Test func whatIsNotOfferedIsRefused() throws {
        var authenticator = TestAuthenticator()
        authenticator.shownKey = TestAuthenticator.cose([(1, CBORText.integer(2)), (3, CBORText.integer(-35))])
        #expect(throws: PasskeyFailure.unsupportedAlgorithm) { try register(authenticator) }
    }

    @Test func extensionsAreReadAndNothingMayFollow() throws {
        var authenticator = TestAuthenticator()
        authenticator.flags.insert(.extensions)
        authenticator.afterData = CBORText.map([(CBORText.text("credProtect"), CBORText.integer(2))])
        _ = try register(authenticator)
        try use(authenticator)
        bothRefuse(.malformed("1 bytes follow the authenticator data")) { $0.afterData = [0] }
        bothRefuse(.malformed("the extensions are no map")) {
            $0.flags.insert(.extensions)
            $0.afterData = [0]
        }
    }
}
