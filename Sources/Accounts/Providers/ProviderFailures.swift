import OffstageSchema

/// What people and the operator read when signing in with a provider fails. The reasons are for the operator; none holds a
/// token, a code or a secret.
struct ProviderFailures: Sendable {
    let provider: Provider

    /// Nothing that can be used came from the provider, whoever signs in.
    func unavailable(_ reason: String) -> Failure {
        Failure(
            .unavailable,
            "Signing in with \(provider.label) does not work at the moment. Please try again in a minute, or sign in another way.",
            operatorDetail: "provider \(provider.name): \(reason)",
            retryAfter: 60
        )
    }

    /// This sign-in was refused, by the provider or because its proof does not hold.
    func refused(_ reason: String) -> Failure {
        Failure(
            .unauthenticated,
            "\(provider.label) did not confirm who you are. Please sign in again.",
            operatorDetail: "provider \(provider.name): \(reason)"
        )
    }

    /// What a check gives, or a refusal for its reason.
    func refusing<Result>(_ check: () throws(SignedToken.Refusal) -> Result) throws(Failure) -> Result {
        do throws(SignedToken.Refusal) {
            return try check()
        } catch {
            throw refused(error.reason)
        }
    }

    /// A piece of what a provider sent, for the operator: short, ASCII, and nothing at all when a secret is in it.
    static func excerpt(_ text: String, hiding secrets: [String]) -> String? {
        guard !secrets.contains(where: { !$0.isEmpty && text.contains($0) }) else { return nil }
        let shown = text.unicodeScalars.prefix(200).map { (0x20...0x7e).contains($0.value) ? $0 : "?" }
        var excerpt = ""
        excerpt.unicodeScalars.append(contentsOf: shown)
        return excerpt.isEmpty ? nil : excerpt
    }
}
