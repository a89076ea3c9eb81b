import OffstageSchema

/// Values of the simple types. Each is returned, or its fault is noted and nil returned.
extension FaultList {
    /// Notes `expected …, found …`.
    func expected(_ expected: String, at node: YAMLNode, hint: String = "") {
        add(node.place, "expected \(expected), found \(node.inWords)\(hint)")
    }

    /// A text, as it stands. Numbers and `true` want quotes, so that nobody's 1.10 becomes 1.1.
    func text(_ node: YAMLNode, expected: String = "a text") -> String? {
        switch node.content {
        case .scalar(.text(let text, _)): return text
        case .scalar(.number(_, let source)), .scalar(.notFinite(let source)):
            self.expected(expected, at: node, hint: "; write \(Excerpt.quoted(source))")
        case .scalar(.boolean(let boolean)):
            self.expected(expected, at: node, hint: "; write \"\(boolean)\"")
        default: self.expected(expected, at: node)
        }
        return nil
    }

    /// A text for people on one line: not blank, NFC, no control characters.
    func line(_ node: YAMLNode, expected: String = "a text") -> String? {
        guard let text = text(node, expected: expected) else { return nil }
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            add(node.place, "expected \(expected), found an empty one")
            return nil
        }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            add(node.place, "expected \(expected) on one line, without control characters")
            return nil
        }
        return NormalizedText.nfc(text)
    }

    func boolean(_ node: YAMLNode) -> Bool? {
        if case .scalar(.boolean(let boolean)) = node.content { return boolean }
        expected("true or false", at: node, hint: Self.booleanHint(node))
        return nil
    }

    /// YAML 1.1 took more words for true and false, and people still write them.
    static func booleanHint(_ node: YAMLNode) -> String {
        switch node.text?.lowercased() {
        case "yes", "on", "y", "true": "; write true"
        case "no", "off", "n", "false": "; write false"
        default: ""
        }
    }

    func whole(_ node: YAMLNode, _ range: ClosedRange<Int>) -> Int? {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        if case .scalar(.number(let json, _)) = node.content, let number = Int(json), range.contains(number) {
            return number
        }
        self.expected(expected, at: node)
        return nil
    }

    func list(_ node: YAMLNode, of elements: String) -> [YAMLNode]? {
        if case .sequence(let list) = node.content { return list }
        expected("a list of \(elements)", at: node)
        return nil
    }

    /// One of a few words.
    func word(_ node: YAMLNode, _ words: [String]) -> String? {
        guard case .scalar(.text(let text, _)) = node.content else {
            expected("one of \(words.joined(separator: ", "))", at: node)
            return nil
        }
        if words.contains(text) { return text }
        expected("one of \(words.joined(separator: ", "))", at: node, hint: NearestName.question(words, text))
        return nil
    }
}
