import OffstageSchema

/// Where mail is handed over: what `OFFSTAGE_MAIL` says.
///
///     smtp://user:password@mail.example.com:587?from=Shop%20%3Cshop@example.com%3E
///     smtps://mail.example.com?from=shop@example.com&ca=/etc/ssl/own.pem
package struct MailServer: Sendable {
    /// What `tls` may say of `smtp:`; with `smtps:` all is encrypted from the first byte.
    package enum Encryption: String, Sendable {
        /// No mail without STARTTLS (RFC 3207).
        case required
        /// STARTTLS where the server offers it; who sits between can hide the offer.
        case optional
        case none
    }

    /// A sentence for the operator; it never holds the password.
    package struct Refusal: Error, CustomStringConvertible {
        package let description: String

        init(_ sentence: String) {
            description = "OFFSTAGE_MAIL: \(sentence)"
        }
    }

    package let host: String
    package let port: Int
    package let isEncryptedAtOnce: Bool
    package let encryption: Encryption
    package let from: Mailbox
    let user: String?
    let password: String?
    /// A file of certificates that are trusted instead of the system's.
    package let ca: String?

    package init(_ text: String) throws(Refusal) {
        guard let colon = text.firstRange(of: "://"),
            ["smtp", "smtps"].contains(text[..<colon.lowerBound].lowercased())
        else { throw Refusal("it must start with smtp:// or smtps://, such as \(Self.example).") }
        isEncryptedAtOnce = text[..<colon.lowerBound].lowercased() == "smtps"
        let rest = text[colon.upperBound...]
        let mark = rest.firstIndex(of: "?") ?? rest.endIndex
        var authority = rest[..<mark]
        if authority.hasSuffix("/") { authority = authority.dropLast() }
        guard !authority.contains(where: { $0 == "/" || $0 == "#" }) else {
            throw Refusal(
                "no path may follow the host; in a password, write / as %2F, # as %23, ? as %3F and @ as %40."
            )
        }
        (user, password) = try Self.credentials(&authority)
        (host, port) = try Self.place(authority, usualPort: isEncryptedAtOnce ? 465 : 587)
        let parameters = try Self.parameters(rest[mark...].dropFirst())
        guard let sender = parameters["from"] else {
            throw Refusal("it must say who mails are from, such as \(Self.example).")
        }
        guard let from = Mailbox(sender) else {
            throw Refusal("from must be an address, or a name with one, such as Shop%20%3Cshop@example.com%3E.")
        }
        self.from = from
        ca = parameters["ca"]
        encryption = try Self.encryption(parameters["tls"], isEncryptedAtOnce, host)
    }

    private static let example = "smtp://user:password@mail.example.com:587?from=shop@example.com"

    private static func credentials(_ authority: inout Substring) throws(Refusal) -> (String?, String?) {
        guard let at = authority.lastIndex(of: "@") else { return (nil, nil) }
        let pieces = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        authority = authority[authority.index(after: at)...]
        guard let first = pieces.first, let user = decoded(first),
            let password = decoded(pieces.dropFirst().first ?? "")
        else { throw Refusal("the user or the password holds a % that is not followed by two digits; write %25.") }
        guard !user.isEmpty, !(user + password).unicodeScalars.contains(where: HeaderText.isControl) else {
            throw Refusal("the user must not be empty, and neither user nor password may hold control characters.")
        }
        return (user, password)
    }

    private static func place(_ authority: Substring, usualPort: Int) throws(Refusal) -> (String, Int) {
        var (host, port) = (authority, usualPort)
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(number) else {
                throw Refusal("the port must be a number from 1 to 65535.")
            }
            (host, port) = (authority[..<colon], number)
        }
        // The same characters as in addresses of the web.
        guard let address = WebAddress("http://\(host)"), address.path.isEmpty, address.port == nil else {
            throw Refusal("the host is missing or is none, such as \(Self.example).")
        }
        return (address.host, port)
    }

    private static func parameters(_ text: Substring) throws(Refusal) -> [String: String] {
        var parameters: [String: String] = [:]
        for part in text.split(separator: "&") {
            let pieces = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = pieces.first, ["from", "tls", "ca"].contains(name) else {
                throw Refusal(
                    "\"\(part.prefix(while: { $0 != "=" }).prefix(40))\" is no parameter; there are from, tls and ca."
                )
            }
            guard let value = decoded(pieces.dropFirst().first ?? ""), !value.isEmpty else {
                throw Refusal("\(name) has no value, or one with a % that is not followed by two digits.")
            }
            guard parameters.updateValue(value, forKey: String(name)) == nil else {
                throw Refusal("\(name) stands there twice.")
            }
        }
        return parameters
    }

    private static func encryption(
        _ text: String?,
        _ isEncryptedAtOnce: Bool,
        _ host: String
    ) throws(Refusal) -> Encryption {
        guard let text else { return isEncryptedAtOnce || !Loopback.isNamed(by: host) ? .required : .optional }
        guard let encryption = Encryption(rawValue: text) else {
            throw Refusal("tls must be required, optional or none.")
        }
        guard !isEncryptedAtOnce || encryption == .required else {
            throw Refusal("smtps:// is always encrypted; write smtp:// for tls=\(text).")
        }
        return encryption
    }

    /// Without percent-encoding (RFC 3986, section 2.1); a plus stays one, since addresses hold it. Nil for what is none.
    private static func decoded(_ text: Substring) -> String? {
        PercentDecoding.bytes(text).flatMap { String(validating: $0, as: UTF8.self) }
    }
}

// Whatever prints it prints no password.
extension MailServer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(isEncryptedAtOnce ? "smtps" : "smtp")://\(host):\(port)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["place": description]) }
}
