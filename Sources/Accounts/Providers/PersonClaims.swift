import OffstageSchema

/// What an ID token or the userinfo endpoint says of a person (OpenID Connect Core 1.0, section 5.1).
struct PersonClaims: Sendable {
    private static let nameAtMost = 200

    let email: String?
    /// Never true without an address: the two are said together or not at all.
    let isEmailVerified: Bool
    let name: String?

    init(_ claims: JSONMembers) {
        email = claims.string("email").flatMap { Self.address($0) }
        isEmailVerified = email != nil && claims.isTrue("email_verified")
        let parts = ["given_name", "family_name"].compactMap { claims.string($0) }
        name = Self.line(claims.string("name") ?? parts.joined(separator: " "))
    }

    private static func address(_ text: String) -> String? {
        if case .text(let address) = try? EmailKind().read(text: text) { address } else { nil }
    }

    /// One line in NFC; nil when nothing is left.
    private static func line(_ text: String) -> String? {
        var line = ""
        for scalar in text.unicodeScalars.prefix(nameAtMost) {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate: line += " "
            default: line.unicodeScalars.append(scalar)
            }
        }
        let words = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard let read = try? NormalizedText.read(words), !read.isEmpty else { return nil }
        return read
    }
}
