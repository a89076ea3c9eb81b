import Crypto
import FoundationEssentials
import OffstageSchema

/// A secret that is handed out once: of a session, of a link in a mail. Who shows it later is who got it.
package struct Token: Sendable {
    /// What is handed out: the prefix, then 43 characters of base64url.
    package let text: String

    /// A token as somebody shows it.
    package init(_ text: String) {
        self.text = text
    }

    /// What is kept and looked up in its place: SHA-256 of the text as base64url, 43 characters. The text has 256 random
    /// bits, so that a hash without salt and without cost cannot be undone by trying.
    package var hash: String {
        Base64URL.encode(Array(SHA256.hash(data: Array(text.utf8))))
    }

    package func matches(hash other: String) -> Bool {
        ConstantTime.areEqual(hash, other)
    }
}

extension Token: CustomStringConvertible, CustomDebugStringConvertible {
    /// Keeps the secret out of logs that it is written to by mistake.
    package var description: String { "a token" }
    package var debugDescription: String { description }
}

/// Makes tokens.
package struct TokenSource: Sendable {
    private static let bytes = 32

    private let random: @Sendable (Int) -> [UInt8]

    /// - Parameter random: as many unpredictable bytes as it is asked for; tests give their own.
    package init(random: @escaping @Sendable (Int) -> [UInt8] = RandomBytes.system) {
        self.random = random
    }

    /// - Parameter prefix: says what kind of token it is, to people and to those who search for leaked ones.
    package func next(prefix: String = "") -> Token {
        Token(prefix + Base64URL.encode(random(Self.bytes)))
    }
}
