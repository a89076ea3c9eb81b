import CYAML

/// Breaks of the YAML syntax in words that help: libyaml's own, and what is usually behind them.
enum YAMLSyntax {
    /// The fault that stopped libyaml.
    static func refusal(_ parser: yaml_parser_t, in input: UnsafeBufferPointer<UInt8>) -> YAMLRefusal {
        let place = Place(parser.problem_mark)
        let problem = parser.problem.map { String(cString: $0) } ?? "it cannot be read"
        let found = character(at: Int(clamping: parser.problem_mark.index), in: input)
        let context = parser.context.map { String(cString: $0) } ?? ""
        if let hint = hint(problem, context, found: found) {
            return YAMLRefusal(place: place, reason: hint)
        }
        var reason = "not YAML: \(problem)"
        if !context.isEmpty {
            reason += " \(context)"
            let start = Place(parser.context_mark)
            if start != place, parser.context_mark.index > 0 || parser.context_mark.line > 0 {
                reason += " that starts at \(start.line):\(start.column)"
            }
        }
        return YAMLRefusal(place: place, reason: reason)
    }

    private static func hint(_ problem: String, _ context: String, found: Unicode.Scalar?) -> String? {
        switch problem {
        case "found character that cannot start any token":
            switch found {
            case "\t": "a tab may not indent; use spaces"
            case .some(let found): "a value may not start with \"\(found)\"; put it in quotes"
            case nil: nil
            }
        case "found a tab character that violates indentation",
            "found a tab character where an indentation space is expected":
            "a tab may not indent; use spaces"
        case "mapping values are not allowed in this context":
            "a \":\" may not stand here; put a text with \": \" in quotes, or check the indentation"
        case _ where context == "while scanning a tag" || context == "while parsing a tag":
            "not YAML; put a text that starts with ! in quotes"
        case _ where context == "while scanning an alias" || context == "while scanning an anchor":
            "not YAML; put a text that starts with * or & in quotes"
        default: nil
        }
    }

    /// The code point at an index counted in code points.
    private static func character(at index: Int, in input: UnsafeBufferPointer<UInt8>) -> Unicode.Scalar? {
        let scalars = String(decoding: input, as: UTF8.self).unicodeScalars
        return scalars.dropFirst(index).first
    }
}
