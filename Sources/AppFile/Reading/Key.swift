import OffstageSchema

/// One key that a mapping of the file may have. Reader and JSON Schema take it from the same list, so they cannot differ.
struct Key: Sendable {
    let name: String
    /// For people, in their editor: what it means, one or two sentences.
    let summary: String
    /// What JSON Schema says of its value.
    let shape: JSON
    /// How it may look, of a key that must be there; nil of one that may be left out.
    let example: String?

    init(_ name: String, _ summary: String, _ shape: JSON, required example: String? = nil) {
        self.name = name
        self.summary = summary
        self.shape = shape
        self.example = example
    }

    var required: Bool { example != nil }
}
