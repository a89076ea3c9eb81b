package import HTTPTypes
package import OffstageAccounts
package import OffstageSchema

/// Tells who sends a request, from what its headers carry.
package struct SessionReader: Sendable {
    /// - Returns: who sends a request with these headers from this network address.
    /// - Throws: `.unauthenticated` for credentials that are wrong, rather than taking their bearer for a visitor.
    let read: @Sendable (HTTPRequest, _ address: String) async throws(Failure) -> Sender

    private init(_ read: @escaping @Sendable (HTTPRequest, _ address: String) async throws(Failure) -> Sender) {
        self.read = read
    }

    /// Where there are no accounts: everybody is a visitor.
    package static let visitors = SessionReader { (_, address) throws(Failure) in
        Sender(principal: .visitor(address: address), credentials: .none)
    }

    /// Where principals come from somewhere else.
    package init(
        _ principal: @escaping @Sendable (HTTPFields, _ address: String) async throws(Failure) -> Principal
    ) {
        read = { request, address throws(Failure) in
            Sender(principal: try await principal(request.headerFields, address), credentials: .none)
        }
    }

    /// Sessions and keys of accounts: of the header `Authorization`, else of the cookie.
    package static func accounts(_ accounts: Accounts) -> SessionReader {
        SessionReader { request, address throws(Failure) in
            let headers = request.headerFields
            if let header = headers[.authorization] {
                guard let token = bearer(header) else {
                    throw Failure(.unauthenticated, "The header Authorization must be: Bearer, a space, and the token.")
                }
                let who = try await accounts.authenticate(token, from: address)
                return Sender(principal: who.principal, credentials: .header(who))
            }
            guard let token = SessionCookie.token(in: headers, authority: request.authority) else {
                return Sender(principal: .visitor(address: address), credentials: .none)
            }
            let who = try await accounts.authenticate(token, from: address)
            // A key is a program's: a browser never has one.
            guard !who.isKey else { throw Failure(.unauthenticated, "A key is sent in the header Authorization.") }
            return Sender(principal: who.principal, credentials: .cookie(who))
        }
    }

    /// The token of `Bearer …` (RFC 6750, section 2.1).
    private static func bearer(_ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let token = String(parts[1].drop { $0 == " " })
        return token.isEmpty || token.utf8.count > 512 ? nil : token
    }
}

/// Who sends a request, and how they show it.
struct Sender: Sendable {
    enum Credentials: Sendable {
        case none
        /// A browser sends it by itself, so a request that changes something must come from a page of this site.
        case cookie(SignedIn)
        case header(SignedIn)
    }

    let principal: Principal
    let credentials: Credentials

    var signedIn: SignedIn? {
        switch credentials {
        case .none: nil
        case .cookie(let who), .header(let who): who
        }
    }

    var hasCookie: Bool {
        if case .cookie = credentials { true } else { false }
    }
}
