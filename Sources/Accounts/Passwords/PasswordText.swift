package import OffstageSchema

/// A password as it is hashed: the same bytes for what looks the same, whichever keyboard it was typed on.
///
/// RFC 8265, section 4.2.2 (the OpaqueString profile): spaces of other kinds become the plain space, then NFC, and case is
/// kept. NIST SP 800-63B, section 5.1.1.2, recommends NFKC or NFKD, which would also join letters that look different
/// (such as ² and 2).
package enum PasswordText {
    /// Code points. NIST SP 800-63B asks for at least 8, and to take at least 64; the upper bound limits the work.
    package static let shortest = 8
    package static let longest = 1024

    /// - Throws: a fault without a pointer for a text that cannot be one: too long, with NUL, or with runs of marks.
    package static func normalized(_ password: String) throws(Fault) -> String {
        // Normalizing joins code points at most, so that what is far too long need not be normalized first.
        guard password.utf8.count <= longest * 16 else { throw tooLong }
        var spaced = String.UnicodeScalarView()
        for scalar in password.unicodeScalars {
            spaced.append(scalar.properties.generalCategory == .spaceSeparator ? " " : scalar)
        }
        let normalized = try NormalizedText.read(String(spaced))
        guard normalized.unicodeScalars.count <= longest else { throw tooLong }
        return normalized
    }

    private static let tooLong = Fault("", .max, "must have at most 1,024 characters")
}
