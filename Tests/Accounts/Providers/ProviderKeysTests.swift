import OffstageAccounts
import OffstageOutgoing
import OffstageSchema
import Testing

@Suite struct ProviderKeysTests {
    @Test func aNewKeyIsFetchedWhenATokenNamesIt() async throws {
        let provider = try FakeProvider()
        let client = provider.client()
        #expect(await client.failure() == nil)
        let new = TestKey.made(for: "ES256")
        provider.publish([try new.jwk(["kid": "two"])])
        try provider.answer(header: ["kid": "\"two\""], signedBy: new)
        // Not within a minute, or anybody's tokens would have the keys fetched all the time.
        #expect(await client.failure()?.operatorDetail?.contains("not the provider's") == true)
        #expect(provider.count(of: "/jwks") == 1)
        provider.wait(seconds: 60)
        #expect(await client.failure() == nil)
        #expect(await client.failure() == nil)
        #expect(provider.count(of: "/jwks") == 2)
        // The old one went.
        try provider.answer()
        #expect(await client.failure()?.kind == .unauthenticated)
    }

    @Test func anUnknownKeyIsAskedForOnceAMinute() async throws {
        let provider = try FakeProvider()
        let client = provider.client()
        try provider.answer(header: ["kid": "\"two\""])
        for _ in 0..<5 { #expect(await client.failure()?.kind == .unauthenticated) }
        #expect(provider.count(of: "/jwks") == 1)
        provider.wait(seconds: 60)
        for _ in 0..<5 { #expect(await client.failure()?.kind == .unauthenticated) }
        #expect(provider.count(of: "/jwks") == 2)
    }

    @Test func theKeysAreKeptForAnHour() async throws {
        let provider = try FakeProvider()
        let client = provider.client()
        #expect(await client.failure() == nil)
        provider.wait(seconds: 299)
        #expect(await client.failure() == nil)
        #expect(provider.count(of: "/jwks") == 1)
        provider.wait(seconds: 3301)
        try provider.answer(["exp": "1800009999"])
        #expect(await client.failure() == nil)
        #expect(provider.count(of: "/jwks") == 2)
    }

    @Test func anotherKeyOfTheSameIdIsRefused() async throws {
        let provider = try FakeProvider()
        try provider.answer(signedBy: TestKey.made(for: "ES256"))
        #expect(await provider.client().failure()?.operatorDetail?.contains("signature") == true)
    }

    @Test func aTokenWithoutKeyIdNeedsASingleKey() async throws {
        let provider = try FakeProvider()
        let head = FakeProvider.encoded("{\"alg\": \"ES256\"}") + "." + FakeProvider.encoded(provider.claims())
        let signature = try provider.key.signature(of: Array(head.utf8), by: "ES256")
        provider.answer(token: head + "." + Base64URL.encode(signature))
        let own = try provider.key.jwk()
        provider.publish([own, try TestKey.sharedRSA.jwk()])
        #expect(await provider.client().failure() == nil)
        provider.publish([own, try TestKey.made(for: "ES256").jwk()])
        #expect(await provider.client().failure()?.kind == .unauthenticated)
    }

    @Test func keysOfOtherKindsAreLeftOut() async throws {
        let provider = try FakeProvider()
        let own = try provider.key.jwk(["kid": "one"])
        provider.publish([
            "7", "{}", "{\"kty\": \"oct\", \"kid\": \"one\", \"k\": \"AAAA\"}",
            "{\"kty\": \"EC\", \"crv\": \"secp256k1\", \"kid\": \"one\", \"x\": \"AA\", \"y\": \"AA\"}",
            "{\"kty\": \"RSA\", \"alg\": \"RSA-OAEP-256\", \"kid\": \"one\"}",
            try TestKey.made(for: "ES256").jwk(["kid": "one", "use": "enc"]), own,
        ])
        #expect(await provider.client().failure() == nil)
    }

    @Test func aKeyForAnotherUseSignsNothing() async throws {
        for more in [["use": "enc"], ["alg": "ES384"], ["kid": "ONE"]] {
            let provider = try FakeProvider()
            provider.publish([try provider.key.jwk(["kid": "one"].merging(more) { $1 })])
            #expect(await provider.client().failure()?.kind == .unauthenticated)
        }
    }

    @Test func aKeyThatIsNoneIsRefused() async throws {
        let keys = [
            "{\"kty\": \"EC\", \"crv\": \"P-256\", \"kid\": \"one\"}",
            "{\"kty\": \"EC\", \"crv\": \"P-256\", \"kid\": \"one\", \"x\": \"AA\", \"y\": \"?\"}",
            "{\"kty\": \"EC\", \"crv\": \"P-256\", \"kid\": \"one\", \"x\": \"\", \"y\": \"\"}",
        ]
        for key in keys {
            let provider = try FakeProvider()
            provider.publish([key])
            #expect(await provider.client().failure()?.kind == .unauthenticated)
        }
        let small = try FakeProvider("RS256")
        for modulus in ["", "AQ", String(repeating: "_", count: 171), "?"] {
            small.publish(["{\"kty\": \"RSA\", \"kid\": \"one\", \"n\": \"\(modulus)\", \"e\": \"AQAB\"}"])
            #expect(await small.client().failure()?.kind == .unauthenticated)
        }
        let flat = try FakeProvider("EdDSA")
        for point in ["", "AA", "?"] {
            flat.publish(["{\"kty\": \"OKP\", \"crv\": \"Ed25519\", \"kid\": \"one\", \"x\": \"\(point)\"}"])
            #expect(await flat.client().failure()?.kind == .unauthenticated)
        }
    }

    @Test func keysThatCannotBeFetchedAreSaidToTheOperator() async throws {
        let cases: [(FakeProvider.Answer, String)] = [
            (.failure(.timeout), "in time"), (.success(FetchedResponse(status: 500, body: [])), "500"),
            (.success(FetchedResponse(status: 301, body: [])), "redirect"),
            (.success(FetchedResponse(status: 200, body: Array("{\"keys\": 1}".utf8))), "JWK Set"),
            (.success(FetchedResponse(status: 200, body: Array("<p>".utf8))), "JWK Set"),
        ]
        for (answer, said) in cases {
            let provider = try FakeProvider()
            provider.set("/jwks", answer)
            let failure = try #require(await provider.client().failure())
            #expect(failure.kind == .unavailable)
            #expect(failure.operatorDetail?.contains(said) == true, "\(failure.operatorDetail ?? "")")
        }
    }
}
