package import OffstageSchema

/// Why a mail was not sent.
package struct MailFailure: Error, Sendable {
    package enum Kind: Sendable {
        /// A later try may do: the server is away, busy, or refuses to know the sender.
        case temporary
        /// No try will do.
        case permanent
        /// The server had the whole mail and did not answer: it may be on its way.
        case unknown
    }

    package let kind: Kind
    /// In words, for the team; may hold what the server said, addresses included.
    package let problem: String
    /// The same for the log, without anybody's address.
    package let logged: String

    package init(_ kind: Kind, _ problem: String, logged: String? = nil) {
        self.kind = kind
        self.problem = problem
        self.logged = logged ?? problem
    }

    static let badAddress = MailFailure(
        .permanent,
        "The recipient is no address, or holds characters that no mail's header may."
    )
    static let badSubject = MailFailure(
        .permanent,
        "The subject is empty or holds characters that no mail's header may, such as line ends."
    )
}

/// Hands a mail over to a server.
package protocol MailSending: Sendable {
    /// Returns when the server has taken the mail.
    ///
    /// - Parameter id: what the mail's Message-ID is made of, so that a repeat is recognised.
    func send(_ message: Message, id: Identifier) async throws(MailFailure)
}
