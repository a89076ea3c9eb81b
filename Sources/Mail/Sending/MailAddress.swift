/// One address as SMTP and a message's headers take it: a local part and a domain, without quotes, comments or a name.
package struct MailAddress: Hashable, Sendable {
    /// As it was written.
    let local: String
    /// In ASCII; letters of other scripts in Punycode (RFC 5890, A-labels).
    let domain: String

    /// Refuses what could end the address and begin a command or a header: spaces, controls, brackets, separators.
    init?(_ text: String) {
        guard text.utf8.count <= 320, let at = text.lastIndex(of: "@") else { return nil }
        let (local, domain) = (text[..<at], text[text.index(after: at)...])
        guard !local.isEmpty, local.unicodeScalars.allSatisfy(Self.mayStand), !domain.isEmpty,
            domain.unicodeScalars.allSatisfy(Self.mayStand), let ascii = Punycode.domain(domain)
        else { return nil }
        self.local = String(local)
        self.domain = ascii
    }

    private static func mayStand(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "<", ">", "(", ")", "[", "]", ",", ";", ":", "\\", "\"", "@", " ", "\u{7f}"..."\u{a0}": return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator: return false
        default: return true
        }
    }

    var text: String { "\(local)@\(domain)" }

    /// Whether a server must know SMTPUTF8 (RFC 6531) to take it.
    var needsUTF8: Bool { local.utf8.contains { $0 >= 0x80 } }
}

/// An address with the name that mail programs show beside it.
package struct Mailbox: Hashable, Sendable {
    /// Empty for none.
    let name: String
    let address: MailAddress

    /// Reads `shop@example.com`, `<shop@example.com>` and `Shop <shop@example.com>`.
    init?(_ text: String) {
        guard !text.unicodeScalars.contains(where: HeaderText.isControl) else { return nil }
        let text = text.trimmed
        if text.hasSuffix(">"), let start = text.lastIndex(of: "<") {
            guard let address = MailAddress(String(text[text.index(after: start)...].dropLast())) else { return nil }
            var name = String(text[..<start]).trimmed
            if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") {
                name = String(name.dropFirst().dropLast())
            }
            self.name = name
            self.address = address
        } else {
            guard let address = MailAddress(text) else { return nil }
            self.name = ""
            self.address = address
        }
    }
}

extension String {
    /// Without the spaces around it.
    fileprivate var trimmed: String {
        let start = drop { $0 == " " }
        let end = start.lastIndex { $0 != " " }.map { start.index(after: $0) } ?? start.startIndex
        return String(start[..<end])
    }
}
