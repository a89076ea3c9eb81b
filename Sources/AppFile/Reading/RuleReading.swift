import OffstageRules
import OffstageSchema

/// Rules: `true`, `false`, or an expression.
extension FaultList {
    func rule(_ node: YAMLNode) -> Rule? {
        if case .scalar(.boolean(let everybody)) = node.content { return everybody ? .everybody : .nobody }
        guard let text = node.text, !text.isEmpty, Self.booleanHint(node).isEmpty || !isPlain(node) else {
            expected("true, false or an expression", at: node, hint: Self.booleanHint(node))
            return nil
        }
        return .expression(text)
    }

    /// A text that must be an expression; whether it is one is known when the whole file has been read.
    func expression(_ node: YAMLNode) -> String? {
        // What YAML reads as a number or as true is an expression too.
        switch node.content {
        case .scalar(.number(_, let source)): return source
        case .scalar(.boolean(let boolean)): return "\(boolean)"
        default: break
        }
        guard let text = text(node, expected: "an expression") else { return nil }
        guard !text.isEmpty else {
            expected("an expression", at: node)
            return nil
        }
        return text
    }

    private func isPlain(_ node: YAMLNode) -> Bool {
        if case .scalar(.text(_, plain: true)) = node.content { true } else { false }
    }
}
