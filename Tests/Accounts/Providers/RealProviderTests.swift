import Foundation
import OffstageAccounts
import OffstageOutgoing
import OffstageSchema
import Testing

/// Against Authlib's provider, Tests/Accounts/provider.py, when `OFFSTAGE_TEST_PROVIDER` names a Python that has what it needs.
@Suite(.enabled(if: RealProvider.python != nil), .serialized) struct RealProviderTests {
    @Test(arguments: ["client_secret_basic", "client_secret_post", "none"], ["RS256", "PS256", "ES256", "EdDSA"])
    func somebodySignsIn(method: String, algorithm: String) async throws {
        let secret = method == "none" ? nil : "s3:cr t~é"
        let provider = try RealProvider(secret.map { ["--secret", $0, "--method", method] } ?? [])
        defer { provider.stop() }
        try await provider.test("settings", "{\"algorithm\": \"\(algorithm)\"}")
        let client = provider.client(secret: secret)
        let identity = try await provider.signIn(client)
        let expected = ProviderIdentity(
            issuer: provider.issuer,
            subject: "ada-1",
            email: "ada@example.com",
            isEmailVerified: true,
            name: "Ada Lovelace"
        )
        #expect(identity == expected)
        try await provider.test("settings", "{\"claims_in_token\": false}")
        #expect(try await provider.signIn(client) == expected)
        if let secret {
            let wrong = provider.client(secret: secret + "x")
            await #expect(throws: Failure.self) { _ = try await provider.signIn(wrong) }
        }
    }

    @Test func anotherVerifierIsRefusedByTheProvider() async throws {
        let provider = try RealProvider([])
        defer { provider.stop() }
        do throws(Failure) {
            _ = try await provider.signIn(provider.client(secret: nil), verifier: String(repeating: "a", count: 43))
            Issue.record("signed in with another verifier")
        } catch {
            #expect(error.kind == .unauthenticated)
            #expect(error.operatorDetail?.contains("invalid_grant") == true)
        }
    }
}

/// The provider in a process of its own.
private final class RealProvider: HTTPFetching, @unchecked Sendable {
    static let python = ProcessInfo.processInfo.environment["OFFSTAGE_TEST_PROVIDER"]

    let issuer: String
    private let process = Process()

    init(_ options: [String]) throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        process.executableURL = URL(fileURLWithPath: Self.python ?? "")
        process.arguments = [script.appendingPathComponent("provider.py").path, "--client", "shop app"] + options
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = ""
        while !line.hasSuffix("\n") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { break }
            line += String(decoding: data, as: UTF8.self)
        }
        issuer = line.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// What a test starts may have inherited that the signal of `terminate` is blocked.
    func stop() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    func client(secret: String?) -> ProviderClient {
        ProviderClient(
            provider: Provider(name: "real", discovery: issuer + Provider.wellKnown, client: "shop app"),
            clientSecret: secret,
            fetcher: self,
            now: { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
        )
    }

    func test(_ path: String, _ json: String) async throws {
        let answer = try await fetch(
            FetchRequest(
                .post,
                "\(issuer)/test/\(path)",
                headers: [("Content-Type", "application/json")],
                body: Array(json.utf8)
            )
        )
        #expect(answer.status == 200)
    }

    func signIn(_ client: ProviderClient, verifier: String? = nil) async throws(Failure) -> ProviderIdentity {
        let key = ProofKey { count in (0..<count).map { _ in UInt8.random(in: .min ... .max) } }
        let nonce = UUID().uuidString
        let redirect = "http://127.0.0.1:1/cb?x=ü"
        let address = try await client.authorization(
            redirect: redirect,
            state: "a b",
            nonce: nonce,
            challenge: key.challenge
        )
        var callback: [String: String] = [:]
        if let answer = try? await fetch(FetchRequest(.get, address + "&login_hint=ada")) {
            let location = (answer.header("Location") ?? "").replacingOccurrences(of: "+", with: "%20")
            let items = URLComponents(string: location)?.queryItems ?? []
            callback = Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
        }
        #expect(callback["state"] == "a b")
        #expect(callback["iss"] == issuer)
        try await client.check(callbackIssuer: callback["iss"])
        return try await client.identity(
            code: callback["code"] ?? "",
            redirect: redirect,
            verifier: verifier ?? key.verifier,
            nonce: nonce
        )
    }

    func fetch(_ request: FetchRequest) async throws(FetchFailure) -> FetchedResponse {
        let curl = Process()
        curl.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
        // Not a pipe: a process that another test starts meanwhile would hold its other end open.
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("answer-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        var arguments = ["-s", "-i", "-o", file.path, "--max-time", "10", "-X", request.method.rawValue, request.url]
        for (name, value) in request.headers { arguments += ["-H", "\(name): \(value)"] }
        if request.method == .post { arguments += ["--data-binary", String(decoding: request.body, as: UTF8.self)] }
        curl.arguments = arguments
        guard (try? curl.run()) != nil else { throw .failed("no curl") }
        curl.waitUntilExit()
        let text = String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { throw .failed("no answer") }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.range(of: ": ") else { return nil }
            return (String(line[..<colon.lowerBound]), String(line[colon.upperBound...]))
        }
        return FetchedResponse(status: status, headers: headers, body: Array(text[end.upperBound...].utf8))
    }
}
