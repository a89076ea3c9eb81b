import OffstageOutgoing
import OffstageSchema

/// Requests to a provider. What goes wrong on the way, and any answer that a working provider does not give, is
/// `.unavailable`.
struct ProviderFetching: Sendable {
    /// Of any answer. Those of the large providers have a few kilobytes.
    private static let maximumBytes = 262_144

    let fetcher: any HTTPFetching
    let failures: ProviderFailures

    /// A document that every client gets alike: an answer of 200, or nothing.
    ///
    /// - Parameter what: for the operator, such as "the discovery document".
    func document(_ url: String, what: String) async throws(Failure) -> [UInt8] {
        let answer = try await answer(to: request(.get, url), what: what)
        guard answer.status == 200 else {
            throw failures.unavailable("\(what): the answer was \(Self.inWords(answer.status))")
        }
        return answer.body
    }

    func request(
        _ method: FetchRequest.Method,
        _ url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) -> FetchRequest {
        FetchRequest(
            method,
            url,
            headers: [("Accept", "application/json")] + headers,
            body: body,
            maximumBytes: Self.maximumBytes
        )
    }

    /// An answer of 200, or one of 4xx that refuses. Redirects are none of either: a provider names the endpoints it has.
    func answer(to request: FetchRequest, what: String) async throws(Failure) -> FetchedResponse {
        let answer: FetchedResponse
        do throws(FetchFailure) {
            answer = try await fetcher.fetch(request)
        } catch {
            throw failures.unavailable("\(what): \(Self.inWords(error))")
        }
        switch answer.status {
        // Too many requests (RFC 6585, section 4) are nothing that the person did.
        case 200, 400..<429, 430..<500: return answer
        default: throw failures.unavailable("\(what): the answer was \(Self.inWords(answer.status))")
        }
    }

    private static func inWords(_ status: Int) -> String {
        (300..<400).contains(status) ? "\(status), a redirect, which is not followed" : "the status \(status)"
    }

    private static func inWords(_ failure: FetchFailure) -> String {
        switch failure {
        case .blocked(let reason), .notAllowed(let reason), .failed(let reason): reason
        case .timeout: "no answer in time"
        case .tooLarge: "the answer has more than \(maximumBytes) bytes"
        }
    }
}
