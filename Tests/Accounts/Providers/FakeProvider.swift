import Crypto
import Foundation
import OffstageAccounts
import OffstageOutgoing
import OffstageSchema
import Synchronization

/// A provider that answers in memory, with a clock. Every answer can be replaced, so that each check meets what it is for.
final class FakeProvider: HTTPFetching {
    static let issuer = "https://id.example/tenant"
    static let client = "shop"
    static let secret = "a secret"
    static let nonce = "n-0S6_WzA2Mj"
    static let redirect = "https://shop.example/cb"

    typealias Answer = Result<FetchedResponse, FetchFailure>

    private struct State {
        var answers: [String: Answer] = [:]
        var requests: [FetchRequest] = []
        var now = Timestamp(milliseconds: 1_800_000_000_000)
    }

    private let state = Mutex(State())
    let key: TestKey
    let algorithm: String

    /// A provider whose every document is in order.
    init(_ algorithm: String = "ES256") throws {
        self.algorithm = algorithm
        key = TestKey.made(for: algorithm)
        describe()
        publish([try key.jwk(["kid": "one", "use": "sig", "alg": algorithm])])
        try answer()
    }

    func fetch(_ request: FetchRequest) async throws(FetchFailure) -> FetchedResponse {
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answers[Self.path(request.url)] ?? .failure(.failed("no such host"))
        }
        let response = try answer.get()
        guard response.body.count <= request.maximumBytes else { throw .tooLarge }
        return response
    }

    private static func path(_ url: String) -> String {
        url.hasPrefix(issuer) ? String(url.dropFirst(issuer.count)) : url
    }

    // MARK: What it answers

    func set(_ path: String, _ answer: Answer) {
        state.withLock { $0.answers[path] = answer }
    }

    func set(_ path: String, status: Int = 200, _ body: String) {
        set(path, .success(FetchedResponse(status: status, body: Array(body.utf8))))
    }

    /// The discovery document with these members instead of its own; nil leaves one out.
    func describe(_ changes: [String: String?] = [:]) {
        var members = [
            "issuer": "\"\(Self.issuer)\"",
            "authorization_endpoint": "\"\(Self.issuer)/authorize\"",
            "token_endpoint": "\"\(Self.issuer)/token\"",
            "jwks_uri": "\"\(Self.issuer)/jwks\"",
            "userinfo_endpoint": "\"\(Self.issuer)/userinfo\"",
        ]
        for (name, value) in changes { members[name] = value }
        set(Provider.wellKnown, JSONText.object(members))
    }

    func publish(_ keys: [String]) {
        set("/jwks", "{\"keys\": [\(keys.joined(separator: ", "))]}")
    }

    /// The claims of an ID token in order, with these instead of its own; nil leaves one out.
    func claims(_ changes: [String: String?] = [:]) -> String {
        var members = [
            "iss": "\"\(Self.issuer)\"", "sub": "\"ada-1\"", "aud": "\"\(Self.client)\"", "exp": "1800000300",
            "iat": "1800000000", "nonce": "\"\(Self.nonce)\"", "email": "\"ada@example.com\"",
            "email_verified": "true", "name": "\"Ada Lovelace\"",
        ]
        for (name, value) in changes { members[name] = value }
        return JSONText.object(members)
    }

    func token(
        _ changes: [String: String?] = [:],
        header: [String: String] = [:],
        signedBy other: TestKey? = nil
    ) throws -> String {
        let head = ["alg": "\"\(algorithm)\"", "kid": "\"one\""].merging(header) { $1 }
        let signed = Self.encoded(JSONText.object(head)) + "." + Self.encoded(claims(changes))
        let signature = try (other ?? key).signature(of: Array(signed.utf8), by: algorithm)
        return signed + "." + Base64URL.encode(signature)
    }

    static func encoded(_ text: String) -> String {
        Base64URL.encode(Array(text.utf8))
    }

    /// Answers the token request with an ID token.
    func answer(
        _ changes: [String: String?] = [:],
        header: [String: String] = [:],
        signedBy other: TestKey? = nil
    ) throws {
        answer(token: try token(changes, header: header, signedBy: other))
    }

    func answer(token: String) {
        set("/token", "{\"access_token\": \"access-1\", \"token_type\": \"Bearer\", \"id_token\": \"\(token)\"}")
    }

    // MARK: What it was asked

    var requests: [FetchRequest] { state.withLock { $0.requests } }

    func count(of path: String) -> Int {
        requests.count { Self.path($0.url) == path }
    }

    func last(_ path: String) -> FetchRequest? {
        requests.last { Self.path($0.url) == path }
    }

    /// The form that the last token request sent.
    var form: [String: String] {
        let body = String(decoding: last("/token")?.body ?? [], as: UTF8.self)
        let pairs = body.split(separator: "&").map { $0.split(separator: "=", omittingEmptySubsequences: false) }
        return Dictionary(
            pairs.map { (String($0[0]), $0.last.flatMap { String($0).removingPercentEncoding } ?? "") },
            uniquingKeysWith: { $1 }
        )
    }

    // MARK: Its clock and clients

    var now: Timestamp { state.withLock { $0.now } }

    func wait(seconds: Int64) {
        state.withLock { $0.now = Timestamp(milliseconds: $0.now.milliseconds + seconds * 1000) }
    }

    func client(
        secret: String? = FakeProvider.secret,
        discovery: String = FakeProvider.issuer + Provider.wellKnown,
        scopes: [String] = Provider.standardScopes
    ) -> ProviderClient {
        ProviderClient(
            provider: Provider(name: "id", label: "Example", discovery: discovery, client: Self.client, scopes: scopes),
            clientSecret: secret,
            fetcher: self,
            now: { self.now }
        )
    }
}

extension ProviderClient {
    /// Signs in with the code and verifier of the tests.
    func identity(code: String = "code-1") async throws(Failure) -> ProviderIdentity {
        try await identity(
            code: code,
            redirect: FakeProvider.redirect,
            verifier: "verifier-1",
            nonce: FakeProvider.nonce
        )
    }

    /// The failure of signing in.
    func failure(code: String = "code-1") async -> Failure? {
        do throws(Failure) {
            _ = try await identity(code: code)
            return nil
        } catch {
            return error
        }
    }
}
