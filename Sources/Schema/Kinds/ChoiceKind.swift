/// One of a list of words.
package struct ChoiceKind: Hashable, Sendable, ValueReader {
    package var words: [String]

    package init(of words: [String]) {
        self.words = words
    }

    package func read(text: String) throws(Fault) -> Value {
        guard let word = words.first(where: { $0 == text }) else {
            throw Fault("", .choice, "must be one of: \(words.joined(separator: ", "))")
        }
        // Texts are equal in any Unicode form; the one of the app file is kept.
        return .text(word)
    }
}
