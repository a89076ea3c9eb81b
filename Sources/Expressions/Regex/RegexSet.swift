/// A set of code points: what `[…]`, `.`, `\d` and `\p{…}` mean.
struct RegexSet: Sendable {
    enum Item: Sendable {
        case range(Unicode.Scalar, Unicode.Scalar)
        /// Everything but these ranges, such as `\D` inside of brackets.
        case outside([ClosedRange<Unicode.Scalar>])
        /// A general category by its name, `L` or `Lu`.
        case category(String, negated: Bool)
    }

    var items: [Item]
    var negated = false
    var ignoresCase = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        var found = includes(scalar)
        if !found, ignoresCase {
            found = Self.cases(of: scalar).contains(where: includes)
        }
        return found != negated
    }

    private func includes(_ scalar: Unicode.Scalar) -> Bool {
        for item in items {
            switch item {
            case .range(let first, let last):
                if first <= scalar, scalar <= last { return true }
            case .outside(let ranges):
                if !ranges.contains(where: { $0.contains(scalar) }) { return true }
            case .category(let name, let negated):
                if Self.category(of: scalar).hasPrefix(name) != negated { return true }
            }
        }
        return false
    }

    /// The other case of a letter, when it is one code point.
    static func cases(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        var cases: [Unicode.Scalar] = []
        for mapping in [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping] {
            let mapped = mapping.unicodeScalars
            if mapped.count == 1, let other = mapped.first, other != scalar { cases.append(other) }
        }
        return cases
    }

    static let digitRanges: [ClosedRange<Unicode.Scalar>] = ["0"..."9"]
    static let wordRanges: [ClosedRange<Unicode.Scalar>] = ["0"..."9", "A"..."Z", "a"..."z", "_"..."_"]
    static let blankRanges: [ClosedRange<Unicode.Scalar>] = ["\t"..."\n", "\u{c}"..."\r", " "..." "]

    static let word = RegexSet(ranges: wordRanges)
    static let anything = RegexSet(items: [.range("\u{0}", "\u{10ffff}")])
    static let anythingButNewline = RegexSet(items: [.range("\n", "\n")], negated: true)

    init(items: [Item], negated: Bool = false, ignoresCase: Bool = false) {
        self.items = items
        self.negated = negated
        self.ignoresCase = ignoresCase
    }

    init(ranges: [ClosedRange<Unicode.Scalar>], negated: Bool = false) {
        self.init(items: ranges.map { .range($0.lowerBound, $0.upperBound) }, negated: negated)
    }

    /// Ranges of `\d`, `\w`, `\s` by their letter, ASCII only as in RE2.
    static func perl(_ letter: Unicode.Scalar) -> [ClosedRange<Unicode.Scalar>]? {
        switch letter {
        case "d", "D": digitRanges
        case "w", "W": wordRanges
        case "s", "S": blankRanges
        default: nil
        }
    }

    /// Ranges of `[:alpha:]` and its like.
    static func posix(_ name: String) -> [ClosedRange<Unicode.Scalar>]? {
        switch name {
        case "alnum": ["0"..."9", "A"..."Z", "a"..."z"]
        case "alpha": ["A"..."Z", "a"..."z"]
        case "ascii": ["\u{0}"..."\u{7f}"]
        case "blank": ["\t"..."\t", " "..." "]
        case "cntrl": ["\u{0}"..."\u{1f}", "\u{7f}"..."\u{7f}"]
        case "digit": digitRanges
        case "graph": ["!"..."~"]
        case "lower": ["a"..."z"]
        case "print": [" "..."~"]
        case "punct": ["!"..."/", ":"..."@", "["..."`", "{"..."~"]
        case "space": ["\t"..."\r", " "..." "]
        case "upper": ["A"..."Z"]
        case "word": wordRanges
        case "xdigit": ["0"..."9", "A"..."F", "a"..."f"]
        default: nil
        }
    }

    static let categories: Set<String> = [
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe",
        "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Co", "Cn", "Cs",
    ]

    private static func category(of scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .surrogate: "Cs"
        case .privateUse: "Co"
        default: "Cn"
        }
    }
}
