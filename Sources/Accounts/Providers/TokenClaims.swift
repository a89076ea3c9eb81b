import OffstageSchema

/// The checks of an ID token's claims (OpenID Connect Core 1.0, section 3.1.3.7).
struct TokenClaims: Sendable {
    /// Seconds that the clocks of the provider and of this machine may differ by.
    private static let leeway = 60.0

    let issuer: String
    let client: String
    let nonce: String
    let now: Timestamp

    /// The subject.
    ///
    /// - Throws: why the token is none for this sign-in; for the operator.
    func check(_ claims: JSONMembers) throws(SignedToken.Refusal) -> String {
        guard let issuer = claims.string("iss"), issuer.isExactly(self.issuer) else {
            throw SignedToken.Refusal(reason: "the ID token is of another issuer")
        }
        try checkAudience(claims)
        try checkTimes(claims)
        guard let nonce = claims.string("nonce"), Self.isSame(nonce, self.nonce) else {
            throw SignedToken.Refusal(reason: "the ID token is of another sign-in: its nonce differs")
        }
        guard let subject = Self.subject(claims) else {
            throw SignedToken.Refusal(reason: "the ID token has no subject of 1 to 255 ASCII characters")
        }
        return subject
    }

    private func checkAudience(_ claims: JSONMembers) throws(SignedToken.Refusal) {
        let audiences = claims.string("aud").map { [$0] } ?? claims.strings("aud") ?? []
        guard audiences.contains(where: { $0.isExactly(client) }) else {
            throw SignedToken.Refusal(reason: "the ID token is for another client")
        }
        let party = claims["azp"]
        guard party == .string(client) || party == nil && audiences.count == 1 else {
            throw SignedToken.Refusal(reason: "the ID token was given to another client (azp)")
        }
    }

    private func checkTimes(_ claims: JSONMembers) throws(SignedToken.Refusal) {
        let now = Double(now.milliseconds) / 1000
        guard let expiry = claims.number("exp"), now < expiry + Self.leeway else {
            throw SignedToken.Refusal(reason: "the ID token has expired, or the clock of this machine is wrong")
        }
        guard let issued = claims.number("iat"), issued <= now + Self.leeway else {
            throw SignedToken.Refusal(reason: "the ID token is of the future, or the clock of this machine is wrong")
        }
        guard claims["nbf"] == nil || claims.number("nbf").map({ $0 <= now + Self.leeway }) ?? false else {
            throw SignedToken.Refusal(reason: "the ID token does not hold yet, or the clock of this machine is wrong")
        }
    }

    /// Section 2: at most 255 ASCII characters.
    static func subject(_ claims: JSONMembers) -> String? {
        guard let subject = claims.string("sub"), (1...255).contains(subject.utf8.count),
            subject.utf8.allSatisfy({ (0x20...0x7e).contains($0) })
        else { return nil }
        return subject
    }

    /// Takes the same time wherever the texts differ.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | $1.0 ^ $1.1 } == 0
    }
}
