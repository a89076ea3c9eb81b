/// The regular expressions of the databases, in whose syntax a pattern can be written.
package enum RegexSyntax: Hashable, Sendable, CaseIterable {
    /// Advanced regular expressions, as PostgreSQL's `text ~ pattern` reads them
    /// (postgresql.org/docs/current/functions-matching.html). They are an automaton as ours, without backtracking, but
    /// one that is large to build: a pattern of many repetitions may be refused by the server as too complex.
    case postgres
    /// PCRE2 with UTF (pcre.org), as MariaDB's `text REGEXP pattern` reads it under every collation.
    case pcre
    /// ICU (unicode-org.github.io/icu/userguide/strings/regexp.html), as MySQL's `REGEXP_LIKE(text, pattern, 'c')`
    /// reads it.
    case icu
}

extension RegularExpression {
    /// The pattern in another syntax, with the meaning that it has here: whether it matches anywhere in a text, code
    /// point by code point, by this program's Unicode data. Where it matches may differ. It may stand within a group, as
    /// an alternative to something else.
    ///
    /// PCRE2 and ICU go back and try again, which for a pattern such as `(a+b?)*c` takes a time that doubles with each
    /// character. The servers put an end to it: MySQL with an error, MariaDB with a warning and the answer "no match". A
    /// text that does not even match `(?:pattern)|\z` is one that MariaDB gave up.
    ///
    /// - Returns: nil when it would be longer than 60,000 bytes, or larger than PCRE2 can compile.
    package func written(for syntax: RegexSyntax) -> String? {
        var parser = RegexParser(source)
        guard let node = try? parser.parse().plain.trimmed else { return nil }
        var writer = RegexWriter(syntax: syntax)
        guard (try? writer.write(pattern: node)) != nil else { return nil }
        return writer.text
    }
}

/// A pattern does not fit into another syntax.
private struct TooLarge: Error {}

/// Tree to text.
private struct RegexWriter {
    let syntax: RegexSyntax
    private(set) var text = ""

    private static let bytesAtMost = 60_000
    /// PCRE2 refers from place to place in a compiled pattern with two bytes.
    private static let compiledBytesAtMost = 64_000
    /// PostgreSQL's.
    private static let repetitionsAtMost = 255
    /// The same text in all syntaxes, as are `[^…]`, `(?:…)`, `(?<=…)` and `\n`.
    private static let word = "[0-9A-Z_a-z]"

    init(syntax: RegexSyntax) {
        self.syntax = syntax
    }

    mutating func write(pattern node: RegexNode) throws(TooLarge) {
        if syntax == .pcre {
            guard Self.compiledBytes(of: node) <= Self.compiledBytesAtMost else { throw TooLarge() }
            // The collation of a text would decide on it otherwise.
            text += "(?-i)"
        }
        try write(alternativesOf: node)
        // MySQL takes no pattern that is empty.
        if text.isEmpty { text = "(?:)" }
    }

    private mutating func write(alternativesOf node: RegexNode) throws(TooLarge) {
        guard case .alternatives(let nodes) = node else { return try write(node) }
        for (place, node) in nodes.enumerated() {
            if place > 0 { text += "|" }
            try write(node)
        }
    }

    private mutating func write(group node: RegexNode) throws(TooLarge) {
        text += "(?:"
        try write(alternativesOf: node)
        text += ")"
    }

    private mutating func write(_ node: RegexNode) throws(TooLarge) {
        switch node {
        case .empty: break
        case .scalar(let scalar): write(scalar)
        case .set(let set): write(set)
        case .assertion(let assertion): write(assertion)
        case .sequence(let nodes): for node in nodes { try write(node) }
        case .alternatives: try write(group: node)
        case .repeated(let node, let atLeast, let atMost):
            for count in counts(atLeast, atMost) {
                switch node {
                case .scalar, .set: try write(node)
                default: try write(group: node)
                }
                text += count
            }
        }
        guard text.utf8.count <= Self.bytesAtMost else { throw TooLarge() }
    }

    // MARK: Repetitions

    /// How often, as one or several repetitions in a row.
    private func counts(_ atLeast: Int, _ atMost: Int?) -> [String] {
        let most = syntax == .postgres ? Self.repetitionsAtMost : Int.max
        var counts: [String] = []
        var atLeast = atLeast
        var optional = atMost.map { $0 - atLeast }
        while atLeast > most {
            counts.append(Self.count(most, most))
            atLeast -= most
        }
        while let left = optional, left > most - atLeast {
            counts.append(Self.count(atLeast, most))
            optional = left - (most - atLeast)
            atLeast = 0
        }
        if optional != 0 || atLeast > 0 { counts.append(Self.count(atLeast, optional.map { atLeast + $0 })) }
        return counts
    }

    private static func count(_ atLeast: Int, _ atMost: Int?) -> String {
        switch (atLeast, atMost) {
        case (0, nil): "*"
        case (1, nil): "+"
        case (0, 1): "?"
        case (1, 1): ""
        case (_, atLeast): "{\(atLeast)}"
        default: "{\(atLeast),\(atMost.map(String.init) ?? "")}"
        }
    }

    // MARK: Single places

    private mutating func write(_ assertion: RegexAssertion) {
        let word = Self.word
        switch assertion {
        case .textStart: text += "\\A"
        // PostgreSQL's `\Z` is Perl's `\z`: nothing may follow, not even a newline.
        case .textEnd: text += syntax == .postgres ? "\\Z" : "\\z"
        case .lineStart: text += "(?<![^\\n])"
        case .lineEnd: text += "(?![^\\n])"
        // The servers' own `\b` and `\y` know other letters.
        case .wordBoundary: text += "(?:(?<=\(word))(?!\(word))|(?<!\(word))(?=\(word)))"
        case .noWordBoundary: text += "(?:(?<=\(word))(?=\(word))|(?<!\(word))(?!\(word)))"
        }
    }

    /// The character for itself, outside of brackets or in them.
    private mutating func write(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "0"..."9", "A"..."Z", "a"..."z", "_", "\u{a1}"...: text.unicodeScalars.append(scalar)
        case " "..."~":
            text += "\\"
            text.unicodeScalars.append(scalar)
        default:
            let digits = String(scalar.value, radix: 16)
            text +=
                syntax == .postgres
                ? "\\u" + String(repeating: "0", count: 4 - digits.count) + digits : "\\x{\(digits)}"
        }
    }

    private mutating func write(_ set: RegexSet) {
        let ranges = set.ranges
        let others = ranges.complement
        guard let first = ranges.first else {
            // A set of nothing: no text has a NUL.
            write("\0")
            return
        }
        if ranges.count == 1, first.lowerBound == first.upperBound {
            write(first.lowerBound)
            return
        }
        let isNegated = !others.isEmpty && others.count < ranges.count
        text += isNegated ? "[^" : "["
        for range in isNegated ? others : ranges {
            write(range.lowerBound)
            guard range.upperBound != range.lowerBound else { continue }
            text += "-"
            write(range.upperBound)
        }
        text += "]"
    }

    // MARK: Size

    /// No fewer bytes than PCRE2 makes of it. It writes out the repetitions of groups.
    private static func compiledBytes(of node: RegexNode) -> Int {
        switch node {
        case .empty: 0
        case .scalar: 6
        case .set(let set): 40 + 9 * set.ranges.count
        case .assertion: 250
        case .sequence(let nodes): nodes.reduce(0) { $0 + compiledBytes(of: $1) }
        case .alternatives(let nodes): nodes.reduce(6) { $0 + 3 + compiledBytes(of: $1) }
        case .repeated(let node, let atLeast, let atMost):
            switch node {
            case .scalar, .set: 2 * compiledBytes(of: node) + 10
            default: max(atMost ?? 0, atLeast, 1) * (compiledBytes(of: node) + 20)
            }
        }
    }
}

extension RegexNode {
    /// The same without groups that hold one thing, without what is empty, and with `(a+)*` as `a*`, which no engine
    /// that goes back is slow with.
    fileprivate var plain: RegexNode {
        switch self {
        case .sequence(let nodes):
            var parts: [RegexNode] = []
            for node in nodes.map(\.plain) {
                switch node {
                case .empty: break
                case .sequence(let nodes): parts += nodes
                default: parts.append(node)
                }
            }
            return parts.count > 1 ? .sequence(parts) : parts.first ?? .empty
        case .alternatives(let nodes):
            let parts = nodes.map(\.plain)
            return parts.allSatisfy(\.isEmpty) ? .empty : .alternatives(parts)
        case .repeated(let node, let atLeast, let atMost):
            let node = node.plain
            if node.isEmpty || atMost == 0 { return .empty }
            if node.takesNothing { return atLeast == 0 ? .empty : node }
            if atLeast == 1, atMost == 1 { return node }
            guard case .repeated(let inner, let innerLeast, let innerMost) = node, innerLeast <= 1 else {
                return .repeated(node, atLeast: atLeast, atMost: atMost)
            }
            // No number is left out: `(a{1,3}){2,4}` is `a{2,12}`.
            let most = atMost.flatMap { atMost in innerMost.map { $0 * atMost } }
            return .repeated(inner, atLeast: innerLeast * atLeast, atMost: most)
        default: return self
        }
    }

    private var isEmpty: Bool {
        if case .empty = self { true } else { false }
    }

    /// Only asks what is before and behind, for which once is enough.
    private var takesNothing: Bool {
        switch self {
        case .empty, .assertion: true
        case .sequence(let nodes), .alternatives(let nodes): nodes.allSatisfy(\.takesNothing)
        case .repeated(let node, _, _): node.takesNothing
        case .scalar, .set: false
        }
    }

    /// The same anywhere in a text, with no more repetitions at the beginning and the end than there must be: `.*a+` is
    /// as good as `a`. An engine that goes back would go through them once from each place of the text.
    fileprivate var trimmed: RegexNode {
        switch self {
        case .sequence(let nodes):
            let rest = nodes.drop { $0.shortest.isEmpty }
            guard let last = rest.lastIndex(where: { !$0.shortest.isEmpty }) else { return .empty }
            var parts = Array(rest[...last])
            for place in [0, parts.count - 1] { parts[place] = parts[place].shortest }
            return RegexNode.sequence(parts).plain
        case .alternatives(let nodes): return RegexNode.alternatives(nodes.map(\.trimmed)).plain
        default: return shortest
        }
    }

    private var shortest: RegexNode {
        guard case .repeated(let node, let atLeast, _) = self else { return self }
        return .repeated(node, atLeast: atLeast, atMost: atLeast).plain
    }
}

// MARK: Sets as ranges

/// Code points in order; no two ranges touch.
private typealias Ranges = [ClosedRange<Unicode.Scalar>]

extension RegexSet {
    /// The code points that it contains but NUL, which no text has.
    fileprivate var ranges: Ranges {
        var ranges = Ranges(merging: items.flatMap(Self.ranges))
        if ignoresCase {
            ranges = Ranges(merging: ranges + ranges.flatMap(Self.casesOfOthers))
        }
        let others = ranges.complement
        return negated ? others : others.complement
    }

    private static func ranges(of item: Item) -> Ranges {
        switch item {
        case .range(let first, let last): [first...last]
        case .outside(let ranges): Ranges(merging: ranges).complement
        case .category(let name, let negated):
            negated ? (categoryRanges[name] ?? []).complement : categoryRanges[name] ?? []
        }
    }

    private static let categoryRanges: [String: Ranges] = Dictionary(
        uniqueKeysWithValues: categories.map { name in
            let set = RegexSet(items: [.category(name, negated: false)])
            return (name, Ranges(merging: runs.filter { set.contains($0.lowerBound) }))
        }
    )

    /// All code points in runs of one general category.
    private static let runs: Ranges = {
        var runs: Ranges = []
        var first: Unicode.Scalar = "\0"
        var last = first
        var category = first.properties.generalCategory
        while let next = last.next {
            let other = next.properties.generalCategory
            if other != category {
                runs.append(first...last)
                (first, category) = (next, other)
            }
            last = next
        }
        return runs + [first...last]
    }()

    /// Every code point beside each of its ``cases(of:)``, in the order of these.
    private static let cases: [(other: Unicode.Scalar, scalar: Unicode.Scalar)] = {
        var cases: [(other: Unicode.Scalar, scalar: Unicode.Scalar)] = []
        for run in runs {
            switch run.lowerBound.properties.generalCategory {
            // Two thirds of all, and without cases.
            case .unassigned, .privateUse: continue
            default: break
            }
            var next: Unicode.Scalar? = run.lowerBound
            while let scalar = next, scalar <= run.upperBound {
                for other in Self.cases(of: scalar) { cases.append((other, scalar)) }
                next = scalar.next
            }
        }
        return cases.sorted { $0 < $1 }
    }()

    /// Those of which a case is in the range.
    private static func casesOfOthers(in range: ClosedRange<Unicode.Scalar>) -> Ranges {
        var low = 0
        var high = cases.count
        while low < high {
            let middle = (low + high) / 2
            if cases[middle].other < range.lowerBound { low = middle + 1 } else { high = middle }
        }
        return cases[low...].prefix { $0.other <= range.upperBound }.map { $0.scalar...$0.scalar }
    }
}

extension Ranges {
    fileprivate init(merging ranges: Ranges) {
        self = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last, range.lowerBound <= last.upperBound || range.lowerBound == last.upperBound.next {
                self[count - 1] = last.lowerBound...Swift.max(last.upperBound, range.upperBound)
            } else {
                append(range)
            }
        }
    }

    /// All others but NUL.
    fileprivate var complement: Ranges {
        var others: Ranges = []
        var next: Unicode.Scalar? = "\u{1}"
        for range in self {
            if let first = next, first < range.lowerBound, let last = range.lowerBound.previous {
                others.append(first...last)
            }
            next = range.upperBound.next
        }
        if let next { others.append(next..."\u{10ffff}") }
        return others
    }
}

extension Unicode.Scalar {
    /// The next code point that is no surrogate.
    fileprivate var next: Unicode.Scalar? { Unicode.Scalar(self == "\u{d7ff}" ? 0xe000 : value + 1) }

    fileprivate var previous: Unicode.Scalar? {
        self == "\u{e000}" ? "\u{d7ff}" : value == 0 ? nil : Unicode.Scalar(value - 1)
    }
}
