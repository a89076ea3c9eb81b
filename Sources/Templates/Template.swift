/// A Mustache template (mustache(5)): variables, sections, inverted sections, partials, comments. No lambdas and no
/// change of delimiters, which pages don't need. Written here, since the Swift package for it brings 45 MB of Foundation.
package struct Template: Sendable {
    indirect enum Node: Sendable {
        case text(String)
        case variable(name: String, isEscaped: Bool)
        case section(name: String, isInverted: Bool, [Node])
        case partial(String)
    }

    let nodes: [Node]

    package struct Refusal: Error {
        package let line: Int
        package let reason: String
    }

    package init(_ text: String) throws(Refusal) {
        var parser = TemplateParser(text)
        nodes = try parser.parse()
    }
}

/// What a template shows.
package enum TemplateValue: Sendable {
    case text(String)
    case flag(Bool)
    case list([TemplateValue])
    case object([String: TemplateValue])

    fileprivate var isFalsy: Bool {
        switch self {
        case .text(let text): text.isEmpty
        case .flag(let flag): !flag
        case .list(let elements): elements.isEmpty
        case .object: false
        }
    }
}

extension TemplateValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self = .text(value) }
    package init(booleanLiteral value: Bool) { self = .flag(value) }
}

extension Template {
    /// Partials within partials may go this deep; a partial that includes itself without end stops there.
    private static let partialsDeepest = 20

    /// - Parameter escape: what is done to the text of a variable; a mail's plain part takes it as it is.
    package func render(
        _ data: [String: TemplateValue],
        partials: [String: Template],
        escape: (String) -> String = HTML.escaped
    ) -> String {
        var output = ""
        var context = [data]
        Self.render(nodes, &context, partials, escape, depth: 0, into: &output)
        return output
    }

    private static func render(
        _ nodes: [Node],
        _ context: inout [[String: TemplateValue]],
        _ partials: [String: Template],
        _ escape: (String) -> String,
        depth: Int,
        into output: inout String
    ) {
        for node in nodes {
            switch node {
            case .text(let text): output += text
            case .variable(let name, let isEscaped):
                guard case .text(let text)? = lookUp(name, context) else { continue }
                output += isEscaped ? escape(text) : text
            case .partial(let name):
                guard depth < partialsDeepest, let partial = partials[name] else { continue }
                render(partial.nodes, &context, partials, escape, depth: depth + 1, into: &output)
            case .section(let name, true, let inner):
                if lookUp(name, context)?.isFalsy ?? true {
                    render(inner, &context, partials, escape, depth: depth, into: &output)
                }
            case .section(let name, false, let inner):
                guard let value = lookUp(name, context), !value.isFalsy else { continue }
                for element in elements(of: value) {
                    if case .object(let object) = element { context.append(object) }
                    render(inner, &context, partials, escape, depth: depth, into: &output)
                    if case .object = element { context.removeLast() }
                }
            }
        }
    }

    private static func elements(of value: TemplateValue) -> [TemplateValue] {
        if case .list(let elements) = value { elements } else { [value] }
    }

    /// The innermost object that has the name decides, also when its value is empty.
    private static func lookUp(_ name: String, _ context: [[String: TemplateValue]]) -> TemplateValue? {
        let parts = name.split(separator: ".")
        guard let first = parts.first else { return nil }
        for object in context.reversed() {
            guard var value = object[String(first)] else { continue }
            for part in parts.dropFirst() {
                guard case .object(let inner) = value, let next = inner[String(part)] else { return nil }
                value = next
            }
            return value
        }
        return nil
    }
}

/// Text for HTML.
package enum HTML {
    /// With the five characters escaped that mean something in HTML, inside and outside of attributes.
    package static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: isSpecial) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "&") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
            || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }
}
