import OffstageSchema

/// Where a browser goes after a form was stored. Only to this site or a listed origin, so that no form becomes an open
/// redirect.
struct ThanksReader {
    /// Origins of this app: the listed ones and its own. Nil when they could not be read, which is noted elsewhere.
    let origins: Set<String>?
    let faults: FaultList

    func read(_ node: YAMLNode) -> Form.Thanks? {
        guard let text = faults.line(node, expected: "a path, such as /thanks.html, or a URL on a listed origin") else {
            return nil
        }
        guard !text.unicodeScalars.contains(where: { $0 == "\\" || $0.properties.isWhitespace }) else {
            faults.add(
                node.place,
                "\(Excerpt.quoted(text)) has a backslash or a space, which browsers read differently"
            )
            return nil
        }
        if text.hasPrefix("/") {
            guard !text.hasPrefix("//") else {
                faults.add(
                    node.place,
                    "a path starts with one /; browsers take \(Excerpt.quoted(text)) for another site"
                )
                return nil
            }
            return .location(text)
        }
        guard let address = WebAddress(text) else {
            faults.expected("a path, such as /thanks.html, or a URL on a listed origin", at: node)
            return nil
        }
        guard let origins else { return nil }
        guard origins.contains(address.origin) else {
            faults.add(node.place, "\(Excerpt.quoted(address.origin)) is not among the \"origins\" of the app")
            return nil
        }
        return .location(text)
    }
}
