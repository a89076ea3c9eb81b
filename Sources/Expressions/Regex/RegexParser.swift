/// Reads RE2's syntax (github.com/google/re2/wiki/Syntax), without scripts in `\p{…}`.
struct RegexParser {
    struct Flags {
        var ignoresCase = false
        var multiline = false
        var dotMatchesNewline = false
    }

    let scalars: [Unicode.Scalar]
    var next = 0
    var flags = Flags()
    private var depth = 0

    private static let depthAtMost = 64
    /// RE2's own bound.
    private static let repetitionsAtMost = 1000

    init(_ pattern: String) {
        scalars = Array(pattern.unicodeScalars)
    }

    mutating func parse() throws(RegularExpression.Refusal) -> RegexNode {
        guard scalars.count <= 2000 else { throw refusal("it is too long") }
        let node = try alternatives()
        guard peek == nil else { throw refusal("it closes a group that was not opened") }
        return node
    }

    var peek: Unicode.Scalar? { next < scalars.count ? scalars[next] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        next += 1
        return true
    }

    func refusal(_ reason: String) -> RegularExpression.Refusal {
        RegularExpression.Refusal(reason: reason)
    }

    private mutating func alternatives() throws(RegularExpression.Refusal) -> RegexNode {
        depth += 1
        guard depth <= Self.depthAtMost else { throw refusal("its groups are nested too deeply") }
        defer { depth -= 1 }
        var alternatives = [try sequence()]
        while take("|") { alternatives.append(try sequence()) }
        return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
    }

    private mutating func sequence() throws(RegularExpression.Refusal) -> RegexNode {
        var nodes: [RegexNode] = []
        while let scalar = peek, scalar != "|", scalar != ")" {
            nodes.append(try repeated(try atom()))
        }
        return .sequence(nodes)
    }

    private mutating func repeated(_ node: RegexNode) throws(RegularExpression.Refusal) -> RegexNode {
        let result: RegexNode
        if take("*") {
            result = .repeated(node, atLeast: 0, atMost: nil)
        } else if take("+") {
            result = .repeated(node, atLeast: 1, atMost: nil)
        } else if take("?") {
            result = .repeated(node, atLeast: 0, atMost: 1)
        } else if let bounds = try bounds() {
            result = .repeated(node, atLeast: bounds.atLeast, atMost: bounds.atMost)
        } else {
            return node
        }
        // Reluctance changes which match is found, never whether there is one.
        _ = take("?")
        if let scalar = peek, "*+?".unicodeScalars.contains(scalar) { throw refusal("it repeats a repetition") }
        return result
    }

    /// `{2}`, `{2,}`, `{2,5}`; anything else in braces stands for itself.
    private mutating func bounds() throws(RegularExpression.Refusal) -> (atLeast: Int, atMost: Int?)? {
        let start = next
        guard take("{"), let atLeast = number() else {
            next = start
            return nil
        }
        var atMost: Int? = atLeast
        if take(",") { atMost = number() }
        guard take("}") else {
            next = start
            return nil
        }
        guard atLeast <= Self.repetitionsAtMost, (atMost ?? 0) <= Self.repetitionsAtMost, atLeast <= atMost ?? atLeast
        else { throw refusal("it has a bad number of repetitions") }
        return (atLeast, atMost)
    }

    private mutating func number() -> Int? {
        var number: Int?
        while let scalar = peek, ("0"..."9").contains(scalar) {
            number = min((number ?? 0) * 10 + Int(scalar.value - 48), 1_000_000)
            next += 1
        }
        return number
    }

    private mutating func atom() throws(RegularExpression.Refusal) -> RegexNode {
        guard let scalar = peek else { return .empty }
        next += 1
        switch scalar {
        case "(": return try group()
        case "[": return .set(try brackets())
        case ".": return .set(flags.dotMatchesNewline ? .anything : .anythingButNewline)
        case "^": return .assertion(flags.multiline ? .lineStart : .textStart)
        case "$": return .assertion(flags.multiline ? .lineEnd : .textEnd)
        case "\\": return try escape()
        case "*", "+", "?": throw refusal("it repeats nothing")
        default: return literal(scalar)
        }
    }

    func literal(_ scalar: Unicode.Scalar) -> RegexNode {
        guard flags.ignoresCase, !RegexSet.cases(of: scalar).isEmpty else { return .scalar(scalar) }
        return .set(RegexSet(items: [.range(scalar, scalar)], ignoresCase: true))
    }

    /// `(…)`, `(?:…)`, `(?P<name>…)`, `(?<name>…)`, `(?i)`, `(?i-s:…)`. Flags end with the group that sets them.
    private mutating func group() throws(RegularExpression.Refusal) -> RegexNode {
        let outer = flags
        if take("?") {
            if take("P") || peek == "<" {
                try groupName()
            } else {
                try groupFlags()
                // Flags alone hold to the end of the group around them.
                if take(")") { return .empty }
                guard take(":") else { throw refusal("it has an unknown kind of group") }
            }
        }
        let node = try alternatives()
        guard take(")") else { throw refusal("it has a group without its end") }
        flags = outer
        return node
    }

    private mutating func groupName() throws(RegularExpression.Refusal) {
        guard take("<") else { throw refusal("it has an unknown kind of group") }
        let start = next
        while let scalar = peek, RegexSet.word.contains(scalar) { next += 1 }
        // `(?<=` and `(?<!` would look behind.
        guard next > start, take(">") else { throw refusal("it has a bad group name, or looks behind") }
    }

    private mutating func groupFlags() throws(RegularExpression.Refusal) {
        var on = true
        while let scalar = peek, scalar != ":", scalar != ")" {
            next += 1
            switch scalar {
            case "-": on = false
            case "i": flags.ignoresCase = on
            case "m": flags.multiline = on
            case "s": flags.dotMatchesNewline = on
            case "U": break
            default: throw refusal("it has an unknown kind of group, or looks around")
            }
        }
    }
}
