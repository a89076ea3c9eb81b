import Crypto
import CryptoExtras
import Foundation
import OffstageAccounts
import OffstageOutgoing
import OffstageSchema
import Testing

@Suite struct ProviderTokenTests {
    @Test(arguments: [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
    ])
    func whoSignedInIsKnown(algorithm: String) async throws {
        let provider = try FakeProvider(algorithm)
        let expected = ProviderIdentity(
            issuer: FakeProvider.issuer,
            subject: "ada-1",
            email: "ada@example.com",
            isEmailVerified: true,
            name: "Ada Lovelace"
        )
        #expect(try await provider.client().identity() == expected)
        #expect(provider.count(of: "/userinfo") == 0)
        // One letter of the signature changed.
        let token = try provider.token()
        let letter = token.dropLast(10).last == "A" ? "B" : "A"
        provider.answer(token: token.dropLast(11) + letter + token.suffix(10))
        #expect(await provider.client().failure()?.operatorDetail?.contains("signature") == true)
    }

    @Test func theSecretGoesWhereTheProviderWantsIt() async throws {
        let provider = try FakeProvider()
        _ = try await provider.client(secret: "s:%+ é~").identity()
        let basic = provider.last("/token")?.headers.first { $0.name == "Authorization" }?.value
        #expect(basic == "Basic " + Data("shop:s%3A%25%2B%20%C3%A9~".utf8).base64EncodedString())
        let plain = [
            "grant_type": "authorization_code", "code": "code-1", "redirect_uri": FakeProvider.redirect,
            "code_verifier": "verifier-1",
        ]
        #expect(provider.form == plain)
        provider.describe(["token_endpoint_auth_methods_supported": "[\"private_key_jwt\", \"client_secret_post\"]"])
        _ = try await provider.client().identity()
        #expect(provider.last("/token")?.headers.contains { $0.name == "Authorization" } == false)
        #expect(provider.form == plain.merging(["client_id": "shop", "client_secret": "a secret"]) { $1 })
        _ = try await provider.client(secret: nil).identity()
        #expect(provider.form == plain.merging(["client_id": "shop"]) { $1 })
        provider.describe(["token_endpoint_auth_methods_supported": "[\"private_key_jwt\"]"])
        let failure = try #require(await provider.client().failure())
        #expect(failure.kind == .unavailable)
        #expect(failure.operatorDetail?.contains("private_key_jwt") == true)
    }

    @Test(arguments: [
        ("iss", "\"https://evil.example\"", "issuer"), ("iss", nil, "issuer"),
        ("iss", "\"https://id.example/tenant/\"", "issuer"), ("aud", "\"other\"", "another client"),
        ("aud", nil, "another client"), ("aud", "[]", "another client"), ("aud", "[\"other\"]", "another client"),
        ("aud", "[\"shop\", \"other\"]", "azp"), ("azp", "\"other\"", "azp"), ("nonce", "\"other\"", "nonce"),
        ("nonce", nil, "nonce"), ("nonce", "\"n-0S6_WzA2Mk\"", "nonce"), ("exp", nil, "expired"),
        ("exp", "\"1800000300\"", "expired"), ("exp", "1799999940", "expired"), ("exp", "1e999", "expired"),
        ("iat", "1800000061", "future"), ("iat", nil, "future"), ("nbf", "1800000061", "not hold yet"),
        ("nbf", "\"now\"", "not hold yet"), ("sub", nil, "subject"), ("sub", "\"\"", "subject"),
        ("sub", "\"ü\"", "subject"), ("sub", "7", "subject"), ("sub", "\"a\\u0000\"", "subject"),
        ("sub", "\"\(String(repeating: "a", count: 256))\"", "subject"),
    ])
    func aClaimThatDoesNotHoldIsRefused(name: String, value: String?, said: String) async throws {
        let provider = try FakeProvider()
        try provider.answer([name: value])
        let failure = try #require(await provider.client().failure())
        #expect(failure.kind == .unauthenticated)
        #expect(failure.detail == "Example did not confirm who you are. Please sign in again.")
        #expect(failure.operatorDetail?.contains(said) == true, "\(failure.operatorDetail ?? "")")
    }

    @Test(arguments: [
        ("aud", "[\"shop\"]"), ("azp", "\"shop\""), ("exp", "1799999940.5"), ("exp", "1.8000003e9"),
        ("iat", "1800000060"), ("nbf", "1800000060"), ("sub", "\"\(String(repeating: "a", count: 255))\""),
    ])
    func aClaimThatHoldsIsTaken(name: String, value: String) async throws {
        let provider = try FakeProvider()
        try provider.answer([name: value])
        #expect(await provider.client().failure() == nil)
        try provider.answer(["aud": "[\"other\", \"shop\"]", "azp": "\"shop\""])
        #expect(await provider.client().failure() == nil)
    }

    @Test func aTokenHoldsUntilItExpires() async throws {
        let provider = try FakeProvider()
        let client = provider.client()
        provider.wait(seconds: 359)
        #expect(await client.failure() == nil)
        provider.wait(seconds: 1)
        #expect(await client.failure()?.operatorDetail?.contains("expired") == true)
    }

    @Test(arguments: ["none", "None", "HS256", "HS512", "es256", "RSA-OAEP", ""])
    func noOtherAlgorithmIsAccepted(algorithm: String) async throws {
        let provider = try FakeProvider()
        try provider.answer(header: ["alg": "\"\(algorithm)\""])
        #expect(await provider.client().failure()?.operatorDetail?.contains("not accepted") == true)
    }

    @Test func aTokenWithoutSignatureIsRefused() async throws {
        let provider = try FakeProvider()
        for header in ["{\"alg\": \"none\"}", "{\"alg\": \"ES256\", \"kid\": \"one\"}", "{\"kid\": \"one\"}"] {
            provider.answer(token: FakeProvider.encoded(header) + "." + FakeProvider.encoded(provider.claims()) + ".")
            #expect(await provider.client().failure()?.kind == .unauthenticated)
        }
    }

    /// The public key is known to all, so it must never serve as the secret of an HMAC.
    @Test func anHMACWithThePublicKeyIsRefused() async throws {
        let provider = try FakeProvider("RS256")
        guard case .rsa(let key) = provider.key else { return }
        provider.publish([try provider.key.jwk(["kid": "one"])])
        for secret in [Data(key.publicKey.pemRepresentation.utf8), key.publicKey.derRepresentation] {
            let signed =
                FakeProvider.encoded("{\"alg\": \"HS256\", \"kid\": \"one\"}") + "."
                + FakeProvider.encoded(provider.claims())
            let code = HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: SymmetricKey(data: secret))
            provider.answer(token: signed + "." + Base64URL.encode(Array(code)))
            #expect(await provider.client().failure()?.operatorDetail?.contains("HS256") == true)
        }
    }

    @Test func whatIsNoTokenIsRefused() async throws {
        let provider = try FakeProvider()
        let good = try provider.token()
        let bad = [
            "", ".", "..", "a.b.c", "a", good + ".x", good + "=", good.replacing(".", with: ".."),
            FakeProvider.encoded("[]") + good.drop { $0 != "." }, "é." + good,
            try provider.token(header: ["crit": "[\"b64\"]", "b64": "false"]),
            try provider.token(header: ["alg": "\"ES384\""]), try provider.token(["sub\": \"eve\", \"sub": "\"ada\""]),
        ]
        for token in bad {
            provider.answer(token: token)
            #expect(await provider.client().failure()?.kind == .unauthenticated, "\(token)")
        }
    }

    @Test func aRefusalOfTheTokenEndpointIsSaidToTheOperator() async throws {
        let cases: [(status: Int, body: String, kind: Failure.Kind, said: String)] = [
            (400, "{\"error\": \"invalid_grant\"}", .unauthenticated, "status 400: invalid_grant"),
            (
                401, "{\"error\": \"invalid_client\", \"error_description\": \"no\\nsuch\"}", .unauthenticated,
                "invalid_client, no?such"
            ),
            (400, "nonsense", .unauthenticated, "status 400"), (503, "", .unavailable, "503"),
            (429, "", .unavailable, "429"), (302, "", .unavailable, "redirect"), (200, "<p>", .unavailable, "JSON"),
            (201, "{}", .unavailable, "201"), (200, "{\"access_token\": \"a\"}", .unauthenticated, "no ID token"),
            (200, String(repeating: " ", count: 300_000), .unavailable, "bytes"),
        ]
        for (status, body, kind, said) in cases {
            let provider = try FakeProvider()
            provider.set("/token", status: status, body)
            let failure = try #require(await provider.client().failure())
            #expect(failure.kind == kind)
            #expect(failure.operatorDetail?.contains(said) == true, "\(failure.operatorDetail ?? "")")
        }
    }

    @Test func noSecretIsInAMessage() async throws {
        let provider = try FakeProvider()
        for secret in ["code-1", "verifier-1", FakeProvider.secret] {
            provider.set("/token", status: 400, "{\"error\": \"x\", \"error_description\": \"wrong: \(secret)!\"}")
            let failure = try #require(await provider.client().failure())
            #expect(!"\(failure)".contains(secret))
            #expect(failure.operatorDetail?.hasSuffix("status 400: x") == true)
        }
    }

    @Test func whatTheTokenSaysOfThePersonIsTidied() async throws {
        let provider = try FakeProvider()
        let cases: [(claims: [String: String?], email: String?, verified: Bool, name: String?)] = [
            (["email_verified": "\"true\""], "ada@example.com", true, "Ada Lovelace"),
            (["email_verified": "\"false\""], "ada@example.com", false, "Ada Lovelace"),
            (["email_verified": "1"], "ada@example.com", false, "Ada Lovelace"),
            (["email_verified": nil], "ada@example.com", false, "Ada Lovelace"),
            (["name": "\" Ada\\n\\u0000 L \""], "ada@example.com", true, "Ada L"),
            (["name": nil, "given_name": "\"Ada\"", "family_name": "\"King\""], "ada@example.com", true, "Ada King"),
            (["name": nil], "ada@example.com", true, nil), (["name": "\" \""], "ada@example.com", true, nil),
        ]
        for (claims, email, verified, name) in cases {
            try provider.answer(claims)
            let identity = try await provider.client().identity()
            #expect(identity.email == email)
            #expect(identity.isEmailVerified == verified)
            #expect(identity.name == name)
        }
    }
}
