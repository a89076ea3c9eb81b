/// What a door received for a record: names and values in the order they came, before any field has read them.
/// JSON bodies, forms and CSV rows all become this.
package struct Input: Sendable {
    package enum Content: Sendable {
        case json(JSON)
        /// All the texts that a form sent under one name, or the one of a CSV cell.
        case texts([String])
    }

    package var members: [(name: String, content: Content)]

    package init(_ members: [(name: String, content: Content)]) {
        self.members = members
    }

    /// The members of a JSON object; nil for any other JSON.
    package init?(json: JSON) {
        guard case .object(let members) = json else { return nil }
        self.members = members.map { ($0.name, .json($0.value)) }
    }
}

extension Field {
    /// Reads a value, whatever door it came through.
    package func read(_ content: Input.Content) throws(Fault) -> Value {
        switch content {
        case .json(let json): try read(json)
        case .texts(let texts): try read(texts: texts)
        }
    }
}
