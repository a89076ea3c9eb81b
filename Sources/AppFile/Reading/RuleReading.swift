import OffstageSchema

/// Rules: `true`, `false`, or an expression.
extension FaultList {
    func rule(_ node: YAMLNode) -> Rule? {
        if case .scalar(.boolean(let everybody)) = node.content { return everybody ? .everybody : .nobody }
        guard let text = node.text, !text.isEmpty, Self.booleanHint(node).isEmpty || !isPlain(node) else {
            expected("true, false or an expression", at: node, hint: Self.booleanHint(node))
            return nil
        }
        add(node.place, NotYet.expressions)
        return nil
    }

    /// A text that must be an expression.
    func expression(_ node: YAMLNode) {
        guard let text = text(node, expected: "an expression") else { return }
        guard !text.isEmpty else { return expected("an expression", at: node) }
        add(node.place, NotYet.expressions)
    }

    private func isPlain(_ node: YAMLNode) -> Bool {
        if case .scalar(.text(_, plain: true)) = node.content { true } else { false }
    }
}
