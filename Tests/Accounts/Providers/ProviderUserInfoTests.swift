import OffstageAccounts
import OffstageOutgoing
import OffstageSchema
import Testing

@Suite struct ProviderUserInfoTests {
    private func provider(_ body: String, status: Int = 200) throws -> FakeProvider {
        let provider = try FakeProvider()
        try provider.answer(["email": nil, "email_verified": "true", "name": nil])
        provider.set("/userinfo", status: status, body)
        return provider
    }

    @Test func whatTheTokenLeavesOutIsAskedFor() async throws {
        let provider = try provider(
            "{\"sub\": \"ada-1\", \"email\": \"a@example.com\", \"email_verified\": true, \"name\": \"Ada\"}"
        )
        let identity = try await provider.client().identity()
        #expect(identity.email == "a@example.com")
        #expect(identity.isEmailVerified)
        #expect(identity.name == "Ada")
        let asked = try #require(provider.last("/userinfo"))
        #expect(asked.headers.contains { $0 == ("Authorization", "Bearer access-1") })
        #expect(asked.method == .get)
    }

    /// `email_verified` of the token is of no address, and must not make one of the userinfo endpoint verified.
    @Test func anAddressIsVerifiedByWhoNamesIt() async throws {
        let provider = try provider("{\"sub\": \"ada-1\", \"email\": \"a@example.com\"}")
        #expect(try await provider.client().identity().isEmailVerified == false)
        provider.set("/userinfo", "{\"sub\": \"ada-1\", \"email\": \"nonsense\", \"email_verified\": true}")
        let identity = try await provider.client().identity()
        #expect(identity.email == nil)
        #expect(!identity.isEmailVerified)
    }

    @Test func anAnswerOfSomebodyElseIsRefused() async throws {
        for body in [
            "{\"sub\": \"eve\", \"email\": \"a@example.com\"}", "{\"email\": \"a@example.com\"}", "{\"sub\": 1}", "{}",
        ] {
            let failure = try #require(await provider(body).client().failure())
            #expect(failure.kind == .unauthenticated)
            #expect(failure.operatorDetail?.contains("subject") == true)
        }
    }

    @Test func anAnswerThatIsNoneIsAFailure() async throws {
        let cases: [(body: String, status: Int, kind: Failure.Kind)] = [
            ("<p>", 200, .unavailable), ("", 401, .unauthenticated), ("", 403, .unauthenticated),
            ("", 500, .unavailable), ("", 302, .unavailable),
            (String(repeating: " ", count: 300_000), 200, .unavailable),
        ]
        for (body, status, kind) in cases {
            let failure = try #require(await provider(body, status: status).client().failure())
            #expect(failure.kind == kind)
            #expect(!"\(failure)".contains("access-1"))
        }
    }

    @Test func withoutAnEndpointThereIsNoAddress() async throws {
        let provider = try provider("{}")
        provider.describe(["userinfo_endpoint": nil])
        #expect(try await provider.client().identity().email == nil)
        #expect(provider.count(of: "/userinfo") == 0)
    }
}
