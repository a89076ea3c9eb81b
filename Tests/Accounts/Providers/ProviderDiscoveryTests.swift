import OffstageAccounts
import OffstageOutgoing
import OffstageSchema
import Testing

@Suite struct ProviderDiscoveryTests {
    private func address(_ client: ProviderClient) async throws(Failure) -> String {
        try await client.authorization(
            redirect: "https://shop.example/cb?a=b&c",
            state: "s t",
            nonce: "n",
            challenge: "c-_"
        )
    }

    private func failure(_ client: ProviderClient) async -> Failure? {
        do throws(Failure) {
            _ = try await address(client)
            return nil
        } catch {
            return error
        }
    }

    @Test func theBrowserIsSentWithEverythingEscaped() async throws {
        let provider = try FakeProvider()
        let query =
            "response_type=code&client_id=shop&redirect_uri=https%3A%2F%2Fshop.example%2Fcb%3Fa%3Db%26c"
            + "&scope=openid%20email%20profile&state=s%20t&nonce=n&code_challenge=c-_&code_challenge_method=S256"
        #expect(try await address(provider.client()) == "https://id.example/tenant/authorize?" + query)
        provider.describe(["authorization_endpoint": "\"https://id.example/a?p=B2C_1%20x\""])
        #expect(try await address(provider.client()) == "https://id.example/a?p=B2C_1%20x&" + query)
        provider.describe(["authorization_endpoint": "\"https://id.example/a?\""])
        #expect(try await address(provider.client()) == "https://id.example/a?" + query)
    }

    @Test func openidIsAlwaysAskedFor() async throws {
        let address = try await address(FakeProvider().client(scopes: ["email"]))
        #expect(address.contains("&scope=openid%20email&"))
    }

    @Test func theDocumentIsKeptForAnHour() async throws {
        let provider = try FakeProvider()
        let client = provider.client()
        _ = try await address(client)
        provider.wait(seconds: 3599)
        _ = try await address(client)
        #expect(provider.count(of: Provider.wellKnown) == 1)
        provider.wait(seconds: 1)
        _ = try await address(client)
        #expect(provider.count(of: Provider.wellKnown) == 2)
    }

    @Test func aProviderThatFailsIsAskedOnceAMinute() async throws {
        let provider = try FakeProvider()
        let client = provider.client()
        provider.set(Provider.wellKnown, .failure(.timeout))
        #expect(await failure(client)?.kind == .unavailable)
        provider.describe()
        provider.wait(seconds: 59)
        #expect(await failure(client)?.kind == .unavailable)
        #expect(provider.count(of: Provider.wellKnown) == 1)
        provider.wait(seconds: 1)
        #expect(await failure(client) == nil)
        #expect(provider.count(of: Provider.wellKnown) == 2)
    }

    @Test func manyAtOnceFetchOnce() async throws {
        let provider = try FakeProvider()
        let client = provider.client()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { _ = try await client.identity() } }
            try await group.waitForAll()
        }
        #expect(provider.count(of: Provider.wellKnown) == 1)
        #expect(provider.count(of: "/jwks") == 1)
    }

    /// A browser that goes away while the document is fetched says nothing of the provider.
    @Test func whoGivesUpSpoilsNothingForOthers() async throws {
        let provider = try FakeProvider()
        let client = provider.client()
        provider.set(Provider.wellKnown, .failure(.failed("given up")))
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                withUnsafeCurrentTask { $0?.cancel() }
                #expect(await client.failure()?.kind == .unavailable)
            }
        }
        provider.describe()
        #expect(await failure(client) == nil)
    }

    @Test(arguments: [
        ("issuer", "\"https://evil.example\""), ("issuer", "\"https://id.example/tenant//\""),
        ("issuer", "\"https://id.example\""), ("issuer", "\"https://ID.example/tenant\""), ("issuer", "1"),
        ("issuer", nil), ("token_endpoint", nil), ("jwks_uri", nil), ("authorization_endpoint", nil),
        ("token_endpoint", "\"http://id.example/token\""), ("token_endpoint", "\"http://127.0.0.1/token\""),
        ("jwks_uri", "\"http://localhost:80/jwks\""), ("jwks_uri", "\"file:///etc/passwd\""),
        ("userinfo_endpoint", "\"http://id.example/u\""), ("authorization_endpoint", "\"javascript:alert(1)\""),
        ("authorization_endpoint", "\"https://id.example/a#b\""), ("token_endpoint", "\"https://a@id.example/\""),
    ])
    func aDocumentThatIsNotInOrderIsRefused(name: String, value: String?) async throws {
        let provider = try FakeProvider()
        provider.describe([name: value])
        let failure = try #require(await failure(provider.client()))
        #expect(failure.kind == .unavailable)
        #expect(failure.operatorDetail?.contains(name == "issuer" ? "issuer" : name) == true)
        #expect(!failure.detail.contains("discovery"))
    }

    /// OpenID Connect Discovery 1.0, section 4.1: a slash at the end of the issuer is not in the discovery URL.
    @Test func anIssuerMayEndWithASlash() async throws {
        let provider = try FakeProvider()
        provider.describe(["issuer": "\"\(FakeProvider.issuer)/\""])
        try provider.answer(["iss": "\"\(FakeProvider.issuer)/\""])
        #expect(try await provider.client().identity().issuer == FakeProvider.issuer + "/")
        try provider.answer()
        #expect(await provider.client().failure()?.kind == .unauthenticated)
    }

    @Test func httpIsForThisMachineAlone() async throws {
        let provider = try FakeProvider()
        let local = "http://127.0.0.1:8000"
        func described(_ host: String) -> String {
            JSONText.object([
                "issuer": "\"\(local)\"", "authorization_endpoint": "\"\(host)/a\"", "token_endpoint": "\"\(host)/t\"",
                "jwks_uri": "\"\(host)/j\"",
            ])
        }
        provider.set(local + Provider.wellKnown, described(local))
        #expect(await failure(provider.client(discovery: local + Provider.wellKnown)) == nil)
        provider.set(local + Provider.wellKnown, described("http://other.example"))
        #expect(await failure(provider.client(discovery: local + Provider.wellKnown))?.kind == .unavailable)
        provider.set(local + Provider.wellKnown, described("http://127.0.0.1.evil.example"))
        #expect(await failure(provider.client(discovery: local + Provider.wellKnown))?.kind == .unavailable)
    }

    @Test func whatIsNoDocumentIsSaidToTheOperator() async throws {
        let cases: [(FakeProvider.Answer, String)] = [
            (.failure(.blocked("10.0.0.1 is an address of this network")), "10.0.0.1"),
            (.failure(.failed("no such host")), "no such host"), (.failure(.timeout), "in time"),
            (.success(FetchedResponse(status: 200, body: Array("<html>".utf8))), "JSON"),
            (.success(FetchedResponse(status: 200, body: Array("[]".utf8))), "JSON"),
            (.success(FetchedResponse(status: 200, body: [UInt8](repeating: 0x20, count: 300_000))), "262144 bytes"),
            (.success(FetchedResponse(status: 404, body: [])), "404"),
            (.success(FetchedResponse(status: 500, body: [])), "500"),
            (
                .success(FetchedResponse(status: 302, headers: [("Location", "https://id.example/")], body: [])),
                "redirect"
            ),
        ]
        for (answer, said) in cases {
            let provider = try FakeProvider()
            provider.set(Provider.wellKnown, answer)
            let failure = try #require(await failure(provider.client()))
            #expect(failure.kind == .unavailable)
            #expect(failure.operatorDetail?.contains(said) == true, "\(failure.operatorDetail ?? "")")
            #expect(failure.operatorDetail?.hasPrefix("provider id: ") == true)
            #expect(failure.detail.hasPrefix("Signing in with Example does not work at the moment."))
        }
    }

    /// RFC 9207, section 2.4.
    @Test func theIssuerOfACallbackMustBeThisOne() async throws {
        func failure(_ provider: FakeProvider, _ issuer: String?) async -> Failure.Kind? {
            do throws(Failure) {
                try await provider.client().check(callbackIssuer: issuer)
                return nil
            } catch {
                return error.kind
            }
        }
        let provider = try FakeProvider()
        #expect(await failure(provider, nil) == nil)
        #expect(await failure(provider, FakeProvider.issuer) == nil)
        #expect(await failure(provider, "https://evil.example") == .unauthenticated)
        provider.describe(["authorization_response_iss_parameter_supported": "true"])
        #expect(await failure(provider, nil) == .unauthenticated)
        #expect(await failure(provider, FakeProvider.issuer) == nil)
    }
}
