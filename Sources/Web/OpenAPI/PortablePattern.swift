extension OpenAPI {
    /// A pattern of the app file (PCRE2, the whole value must match) as JSON Schema has it: ECMA-262 with the flag `u`,
    /// which finds its pattern anywhere. Only what both read alike goes over; the rest is told in words.
    ///
    /// One difference stays: `\d`, `\w` and `\s` are Unicode's here and ASCII's in most other places.
    struct PortablePattern {
        let text: String
        /// Whether it might match what no text may hold: a NUL, or nothing but blanks.
        let mayMatchAnything: Bool

        init?(_ source: String) {
            var translation = Translation(rest: Array(source.unicodeScalars)[...])
            guard translation.run() else { return nil }
            text = "^(?:\(translation.output))$"
            mayMatchAnything = translation.isWide
        }
    }
}

/// Goes over a pattern once, from left to right.
private struct Translation {
    var rest: ArraySlice<Unicode.Scalar>
    private(set) var output = ""
    private(set) var isWide = false
    private var depth = 0

    init(rest: ArraySlice<Unicode.Scalar>) {
        self.rest = rest
    }

    private static let syntax = Set("^$\\.*+?()[]{}|/".unicodeScalars)

    /// False when something has no counterpart.
    mutating func run() -> Bool {
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\\": guard escape(inClass: false) else { return false }
            case "[": guard characterClass() else { return false }
            case "(": guard group() else { return false }
            case ")":
                depth -= 1
                guard depth >= 0 else { return false }
                output += ")"
            case ".":
                // PCRE2 leaves out the line feed alone.
                output += "[^\\n]"
                isWide = true
            case "*", "+", "?":
                output.unicodeScalars.append(scalar)
                guard quantifierEnds() else { return false }
            case "{": guard braces() else { return false }
            case "}", "]": return false
            case "/": output += "\\/"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return depth == 0
    }

    private mutating func escape(inClass: Bool) -> Bool {
        guard let scalar = rest.popFirst() else { return false }
        switch scalar {
        case "d", "n", "r", "t": output += "\\\(scalar)"
        case "D", "w", "W", "s", "S":
            output += "\\\(scalar)"
            isWide = true
        case "-": output += inClass ? "\\-" : "-"
        case _ where Self.syntax.contains(scalar): output += "\\\(scalar)"
        case _ where scalar.isASCII && !scalar.properties.isAlphabetic && scalar.properties.numericType == nil:
            output.unicodeScalars.append(scalar)
        default: return false
        }
        return true
    }

    private mutating func characterClass() -> Bool {
        output += "["
        if rest.first == "^" {
            rest.removeFirst()
            output += "^"
            isWide = true
        }
        guard rest.first != "]" else { return false }
        while let scalar = rest.popFirst() {
            switch scalar {
            case "]":
                output += "]"
                return true
            case "\\": guard escape(inClass: true) else { return false }
            // `[:alpha:]` and its like.
            case "[":
                guard rest.first != ":", rest.first != ".", rest.first != "=" else { return false }; output += "\\["
            case "^", "$", ".", "*", "+", "?", "(", ")", "{", "}", "|", "/": output += "\\\(scalar)"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return false
    }

    private mutating func group() -> Bool {
        depth += 1
        output += "("
        guard rest.first == "?" else { return rest.first != "*" }
        guard rest.dropFirst().first == ":" else { return false }
        rest = rest.dropFirst(2)
        output += "?:"
        return true
    }

    private mutating func braces() -> Bool {
        guard let end = rest.firstIndex(of: "}") else { return false }
        let inner = rest[..<end]
        let parts = inner.split(separator: ",", omittingEmptySubsequences: false)
        let areNumbers = parts.allSatisfy { $0.allSatisfy { ("0"..."9").contains($0) } }
        guard (1...2).contains(parts.count), areNumbers, let first = parts.first, !first.isEmpty else { return false }
        rest = rest[rest.index(after: end)...]
        output += "{"
        output.unicodeScalars.append(contentsOf: inner)
        output += "}"
        return quantifierEnds()
    }

    /// Lazy quantifiers are the same in both; possessive ones PCRE2 alone has.
    private mutating func quantifierEnds() -> Bool {
        if rest.first == "?" {
            rest.removeFirst()
            output += "?"
        }
        return rest.first != "+"
    }
}
