package import OffstageSchema

/// What a new password has to be, after NIST SP 800-63B, section 5.1.1.2: long enough and not one that is tried first. No
/// rules on which kinds of characters it has, which make passwords worse.
package enum PasswordRule {
    /// What is wrong with a new password, as a fault at `/password`; nil when nothing is.
    ///
    /// - Parameters:
    ///   - mail: the account's mail address.
    ///   - name: the account's name, when it has one.
    package static func fault(in password: String, mail: String?, name: String? = nil) -> Fault? {
        let text: String
        do throws(Fault) {
            text = try PasswordText.normalized(password)
        } catch {
            return error.under("password")
        }
        if text.isEmpty { return Fault(pointer, .required, "is required") }
        guard text.unicodeScalars.count >= PasswordText.shortest else {
            return Fault(pointer, .min, "must have at least \(PasswordText.shortest) characters")
        }
        if MostUsedPasswords.contains(text) {
            return Fault(
                pointer,
                .check,
                "must not be one of the most used passwords, which are tried first: choose another"
            )
        }
        for (own, words) in [(mail, "e-mail address"), (name, "name")] {
            if let own, NormalizedText.folded(own) == NormalizedText.folded(text) {
                return Fault(pointer, .check, "must not be your \(words)")
            }
        }
        return nil
    }

    private static let pointer = "/password"
}
