import Foundation
import OffstageSchema
import Testing

@testable import OffstageAccounts

/// Answers that are cut, changed or made up: refused, and nothing else happens.
@Suite struct MalformedAnswerTests {
    private static let shop = RelyingParty(id: "shop.example", name: "Shop", origins: ["https://shop.example"])
    private static let challenge = Array("a challenge of many bytes".utf8)

    private static func register(_ json: JSON) throws(PasskeyFailure) -> NewPasskey {
        try Registration.verify(responseJSON: json, challenge: challenge, relyingParty: shop)
    }

    private static func isMalformed(_ body: () throws(PasskeyFailure) -> Void) -> Bool {
        do throws(PasskeyFailure) {
            try body()
        } catch {
            if case .malformed = error { return true }
        }
        return false
    }

    @Test func everyMemberIsAskedFor() throws {
        let authenticator = TestAuthenticator()
        let paths = [["id"], ["rawId"], ["type"], ["response"], ["response", "clientDataJSON"]]
        let other: [JSON?] = [nil, .null, .number("1"), .string("!"), .array([])]
        for value in other {
            for path in paths + [["response", "attestationObject"]] {
                let json = try authenticator.register(Self.challenge).with(path, value)
                #expect(Self.isMalformed { () throws(PasskeyFailure) in _ = try Self.register(json) }, "\(path)")
            }
            for path in paths + [["response", "authenticatorData"], ["response", "signature"]] {
                let json = try authenticator.assert(Self.challenge).with(path, value)
                #expect(
                    Self.isMalformed { () throws(PasskeyFailure) in _ = try Assertion(responseJSON: json) },
                    "\(path)"
                )
            }
            #expect(Self.isMalformed { () throws(PasskeyFailure) in _ = try Self.register(value ?? .string("")) })
        }
        let otherID = try authenticator.register(Self.challenge).with(["rawId"], .string("AAAA"))
        #expect(throws: PasskeyFailure.malformed("id and rawId are not the same")) { try Self.register(otherID) }
        let both = otherID.with(["id"], .string("AAAA"))
        #expect(throws: PasskeyFailure.malformed("the authenticator names another id than the answer")) {
            try Self.register(both)
        }
    }

    @Test func anAttestationThatIsCutAnywhereIsRefused() throws {
        let json = try TestAuthenticator().register(Self.challenge)
        guard case .string(let text)? = json["response"]?["attestationObject"],
            let bytes = Base64URL.decode(text)
        else {
            Issue.record("there is no attestation")
            return
        }
        func changed(_ bytes: [UInt8]) -> JSON {
            json.with(["response", "attestationObject"], .string(Base64URL.encode(bytes)))
        }
        for length in bytes.indices {
            let cut = changed(Array(bytes.prefix(length)))
            #expect(Self.isMalformed { () throws(PasskeyFailure) in _ = try Self.register(cut) }, "\(length)")
        }
        let longer = changed(bytes + [0])
        #expect(Self.isMalformed { () throws(PasskeyFailure) in _ = try Self.register(longer) })
        // Changed anywhere it is refused or means the same passkey otherwise; nothing traps.
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5_000 {
            var other = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                other[Int.random(in: other.indices, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            _ = try? Self.register(changed(other))
        }
    }

    @Test func authenticatorDataOfAnyBytesAreReadOrRefused() throws {
        var generator = SystemRandomNumberGenerator()
        for length in 0..<37 {
            let bytes = [UInt8](repeating: 0, count: length)
            #expect(throws: PasskeyFailure.malformed("the authenticator data end too early")) {
                try AuthenticatorData(bytes)
            }
        }
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 37...200, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            _ = try? AuthenticatorData(bytes)
        }
        let plain = try AuthenticatorData([UInt8](repeating: 0, count: 32) + [0x05, 0, 0, 1, 2])
        #expect(plain.counter == 258)
        #expect(plain.flags == [.userPresent, .userVerified])
        #expect(plain.credential == nil && plain.extensions == nil)
    }

    @Test(arguments: [
        "", "{", "[]", "{}", #"{"type":"webauthn.get"}"#, #"{"type":1,"challenge":"","origin":""}"#,
        #"{"type":"a","type":"b","challenge":"","origin":""}"#,
        #"{"type":"a","challenge":"","origin":"","topOrigin":null}"#,
    ])
    func clientDataMustBeWhatBrowsersSend(text: String) {
        #expect(Self.isMalformed { () throws(PasskeyFailure) in _ = try ClientData(Array(text.utf8)) })
    }
}
