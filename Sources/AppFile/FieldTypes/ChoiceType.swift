import OffstageSchema

extension FieldType {
    static let choice = FieldType(
        word: "choice",
        summary: "One of a list of words.",
        options: [
            Key(
                "of",
                "The words to choose from, such as [draft, published].",
                .list(of: .anyText),
                required: "[draft, published]"
            )
        ],
        valueShape: .type("string")
    ) { section, _ in
        guard let node = section["of"], let elements = section.faults.list(node, of: "words") else { return nil }
        guard !elements.isEmpty else {
            section.faults.add(node.place, "\"of\" needs at least one word")
            return nil
        }
        let words = words(elements, section.faults)
        return words.count == elements.count ? .choice(ChoiceKind(of: words)) : nil
    }

    private static func words(_ elements: [YAMLNode], _ faults: FaultList) -> [String] {
        var words: [String] = []
        var seen: Set<String> = []
        for element in elements {
            guard let word = faults.line(element, expected: "a word to choose") else { continue }
            guard seen.insert(word).inserted else {
                faults.add(element.place, "\(Excerpt.quoted(word)) is in the list twice")
                continue
            }
            words.append(word)
        }
        return words
    }
}
