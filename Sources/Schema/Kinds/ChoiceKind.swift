/// One of a list of words.
package struct ChoiceKind: Hashable, Sendable, ValueReader {
    package var words: [String]

    package init(of words: [String]) {
        self.words = words
    }

    package func read(text: String) throws(Fault) -> Value {
        guard words.contains(text) else {
            throw Fault("", .choice, "must be one of: \(words.joined(separator: ", "))")
        }
        return .text(text)
    }
}
