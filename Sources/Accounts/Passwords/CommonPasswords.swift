/// The passwords that most people's accounts are tried with first.
enum CommonPasswords {
    /// Whether a password is one of them, in capital letters or not.
    static func contains(_ password: String) -> Bool {
        all.contains(password.lowercased())
    }

    /// One a line, in lower case; lines that begin with "# " say where they are from.
    static let all: Set<String> = Set(
        String(decoding: PackageResources.common_passwords_txt, as: UTF8.self)
            .split(separator: "\n").lazy.filter { !$0.hasPrefix("# ") }.map(String.init)
    )
}
