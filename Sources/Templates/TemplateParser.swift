/// Reads a Mustache template into its tree.
struct TemplateParser {
    private struct Open {
        let name: String
        let isInverted: Bool
        let line: Int
        let before: [Template.Node]
    }

    private var rest: Substring
    private var line = 1
    private var nodes: [Template.Node] = []
    private var open: [Open] = []
    /// Whether only white space stands before on this line.
    private var atLineStart = true

    init(_ text: String) {
        rest = text[...]
    }

    mutating func parse() throws(Template.Refusal) -> [Template.Node] {
        while let start = rest.firstRange(of: "{{") {
            let text = rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            try tag(after: text)
        }
        add(text: rest)
        if let section = open.last {
            throw Template.Refusal(line: section.line, reason: "the section {{#\(section.name)}} is not closed")
        }
        return nodes
    }

    private mutating func tag(after text: Substring) throws(Template.Refusal) {
        let isTriple = rest.first == "{"
        guard let end = rest.firstRange(of: isTriple ? "}}}" : "}}") else {
            throw Template.Refusal(line: line, reason: "a tag does not end")
        }
        let content = rest[rest.index(rest.startIndex, offsetBy: isTriple ? 1 : 0)..<end.lowerBound]
        rest = rest[end.upperBound...]
        let sigil = isTriple ? "&" : content.first ?? " "
        let isVariable = !"#^/!>".contains(sigil)
        // A line that holds nothing but such a tag is taken away with it.
        if !isVariable, standsAlone(after: text) {
            add(
                text: text[
                    ..<(text.lastIndex { !$0.isWhitespace || $0.isNewline }.map { text.index(after: $0) }
                        ?? text.startIndex)
                ]
            )
            add(lines: content)
            if let newline = rest.firstIndex(where: \.isNewline) {
                rest = rest[rest.index(after: newline)...]
                line += 1
            } else {
                rest = rest[rest.endIndex...]
            }
            atLineStart = true
        } else {
            add(text: text)
            add(lines: content)
            atLineStart = false
        }
        try add(sigil, content, isTriple: isTriple)
    }

    private mutating func add(
        _ sigil: Character,
        _ content: Substring,
        isTriple: Bool
    ) throws(Template.Refusal) {
        let name = String(
            (("#^/!>&".contains(sigil) && !isTriple) ? content.dropFirst() : content).filter { !$0.isWhitespace }
        )
        switch sigil {
        case "!": break
        case "#", "^":
            open.append(Open(name: name, isInverted: sigil == "^", line: line, before: nodes))
            nodes = []
        case "/":
            guard let section = open.popLast(), section.name == name else {
                throw Template.Refusal(line: line, reason: "{{/\(name)}} closes a section that is not open")
            }
            nodes = section.before + [.section(name: name, isInverted: section.isInverted, nodes)]
        case ">": nodes.append(.partial(name))
        default: nodes.append(.variable(name: name, isEscaped: sigil != "&"))
        }
    }

    private func standsAlone(after text: Substring) -> Bool {
        let lineStart = text.lastIndex(where: \.isNewline).map { text[text.index(after: $0)...] }
        guard (lineStart ?? text).allSatisfy(\.isWhitespace), lineStart != nil || atLineStart else { return false }
        let lineEnd = rest.firstIndex(where: \.isNewline) ?? rest.endIndex
        return rest[..<lineEnd].allSatisfy(\.isWhitespace)
    }

    private mutating func add(text: Substring) {
        guard !text.isEmpty else { return }
        add(lines: text)
        if let last = text.lastIndex(where: \.isNewline) {
            atLineStart = text[text.index(after: last)...].allSatisfy(\.isWhitespace)
        } else if !text.allSatisfy(\.isWhitespace) {
            atLineStart = false
        }
        nodes.append(.text(String(text)))
    }

    private mutating func add(lines text: Substring) {
        line += text.count(where: \.isNewline)
    }
}
