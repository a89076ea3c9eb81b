/// One mail address, compared without case. The form is the one that HTML's `type=email` accepts (WHATWG HTML,
/// "valid email address"), with letters of any script in both parts.
package struct EmailKind: Hashable, Sendable, ValueReader {
    /// RFC 5321, section 4.5.3.1: 64 octets, "@", 255 octets, less the brackets of a path.
    package static let maximum = 254

    package init() {}

    package func read(text: String) throws(Fault) -> Value {
        let text = try NormalizedText.read(text)
        guard text.utf8.count <= Self.maximum else {
            throw Fault("", .email, "must be an e-mail address of at most \(Self.maximum) bytes")
        }
        guard Self.isAddress(text) else {
            throw Fault("", .email, "must be an e-mail address, such as ada@example.com")
        }
        // Case beyond ASCII differs between databases, so such letters are kept in lower case. Not folded: that would make ß and ss
        // one, and they are different mailboxes and different domains (RFC 5895, section 2; IDNA2008).
        return .text(text.utf8.allSatisfy { $0 < 0x80 } ? text : NormalizedText.nfc(text.lowercased()))
    }

    private static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let local = parts.first, let domain = parts.last, !local.isEmpty,
            local.utf8.count <= 64, local.unicodeScalars.allSatisfy(mayStandInLocalPart)
        else { return false }
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        return labels.allSatisfy(isLabel)
    }

    private static func mayStandInLocalPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "!", "#", "$", "%", "&", "'", "*", "+", "/", "=", "?", "^", "_", "`",
            "{", "|", "}", "~", "-":
            true
        default: isLetterBeyondASCII(scalar)
        }
    }

    private static func isLabel(_ label: Substring) -> Bool {
        guard (1...63).contains(label.utf8.count), label.first != "-", label.last != "-" else { return false }
        return label.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-": true
            default: isLetterBeyondASCII(scalar)
            }
        }
    }

    /// Letters, marks and digits of other scripts; no control characters, spaces, separators, or what may be read as a dot.
    private static func isLetterBeyondASCII(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x80 else { return false }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
            return true
        default: return false
        }
    }
}
