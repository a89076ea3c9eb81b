/// Conformance cases that this implementation does not pass, each with its reason.
enum Exceptions {
    /// By file, section and name: `string_ext/format/name`.
    static let reasons: [String: String] = [:]
}
