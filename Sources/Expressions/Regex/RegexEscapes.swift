import OffstageSchema

extension RegexParser {
    /// What follows a backslash outside of brackets.
    mutating func escape() throws(RegularExpression.Refusal) -> RegexNode {
        guard let letter = peek else { throw refusal("it ends with a backslash") }
        next += 1
        if let ranges = RegexSet.perl(letter) {
            return .set(RegexSet(ranges: ranges, negated: letter.properties.isUppercase))
        }
        switch letter {
        case "A": return .assertion(.textStart)
        case "z": return .assertion(.textEnd)
        case "b": return .assertion(.wordBoundary)
        case "B": return .assertion(.noWordBoundary)
        case "p", "P": return .set(RegexSet(items: [try category(negated: letter == "P")]))
        case "Q": return quoted()
        default: return literal(try character(letter))
        }
    }

    /// `\Q…\E`: everything up to the end stands for itself.
    private mutating func quoted() -> RegexNode {
        var nodes: [RegexNode] = []
        while let scalar = peek {
            next += 1
            if scalar == "\\", take("E") { break }
            nodes.append(literal(scalar))
        }
        return .sequence(nodes)
    }

    /// An escape that means one code point.
    private mutating func character(_ letter: Unicode.Scalar) throws(RegularExpression.Refusal) -> Unicode.Scalar {
        switch letter {
        case "a": return "\u{7}"
        case "f": return "\u{c}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{b}"
        case "x": return try hexadecimal()
        case "0"..."7": return try octal(letter)
        default:
            guard letter.isASCII, !RegexSet.word.contains(letter) else {
                throw refusal("it has an unknown escape \\\(letter)")
            }
            return letter
        }
    }

    private mutating func octal(_ first: Unicode.Scalar) throws(RegularExpression.Refusal) -> Unicode.Scalar {
        var value = first.value - 48
        var digits = 1
        while digits < 3, let digit = peek, ("0"..."7").contains(digit) {
            value = value * 8 + digit.value - 48
            next += 1
            digits += 1
        }
        // A single digit but zero would refer back to a group.
        guard first == "0" || digits > 1, let scalar = Unicode.Scalar(value) else {
            throw refusal("it refers back to a group")
        }
        return scalar
    }

    private mutating func hexadecimal() throws(RegularExpression.Refusal) -> Unicode.Scalar {
        let braces = take("{")
        var value: UInt32 = 0
        var digits = 0
        while digits < (braces ? 6 : 2), let digit = peek.flatMap(Self.hexadecimal) {
            value = value * 16 + digit
            next += 1
            digits += 1
        }
        guard digits == 2 || braces && digits > 0, !braces || take("}"), let scalar = Unicode.Scalar(value) else {
            throw refusal("it has a bad \\x escape")
        }
        return scalar
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> UInt32? {
        UInt8(exactly: scalar.value)?.hexadecimalDigit.map(UInt32.init)
    }

    private mutating func category(negated: Bool) throws(RegularExpression.Refusal) -> RegexSet.Item {
        var name = ""
        var negated = negated
        if take("{") {
            if take("^") { negated.toggle() }
            while let scalar = peek, scalar != "}" {
                name.unicodeScalars.append(scalar)
                next += 1
            }
            guard take("}") else { throw refusal("it has \\p{ without its end") }
        } else if let scalar = peek {
            name.unicodeScalars.append(scalar)
            next += 1
        }
        guard RegexSet.categories.contains(name) else {
            throw refusal("it has \\p{\(name.prefix(20))}; only general categories such as \\p{L} are known")
        }
        return .category(name, negated: negated)
    }

    /// `[…]`, its opening bracket read already.
    mutating func brackets() throws(RegularExpression.Refusal) -> RegexSet {
        var set = RegexSet(items: [], negated: take("^"), ignoresCase: flags.ignoresCase)
        var first = true
        while let scalar = peek, scalar != "]" || first {
            first = false
            next += 1
            if scalar == "[", peek == ":" {
                set.items += try posixClass()
            } else if scalar == "\\", let letter = peek, let ranges = RegexSet.perl(letter) {
                next += 1
                set.items +=
                    letter.properties.isUppercase
                    ? [.outside(ranges)] : ranges.map { .range($0.lowerBound, $0.upperBound) }
            } else if scalar == "\\", take("p") {
                set.items.append(try category(negated: false))
            } else if scalar == "\\", take("P") {
                set.items.append(try category(negated: true))
            } else {
                set.items.append(try range(from: try bracketCharacter(scalar)))
            }
        }
        guard take("]") else { throw refusal("it has \"[\" without its end") }
        return set
    }

    private mutating func range(from first: Unicode.Scalar) throws(RegularExpression.Refusal) -> RegexSet.Item {
        guard peek == "-", next + 1 < scalars.count, scalars[next + 1] != "]" else { return .range(first, first) }
        next += 1
        guard let scalar = peek else { return .range(first, first) }
        next += 1
        let last = try bracketCharacter(scalar)
        guard first <= last else { throw refusal("it has a range that runs backwards") }
        return .range(first, last)
    }

    private mutating func bracketCharacter(_ scalar: Unicode.Scalar) throws(RegularExpression.Refusal) -> Unicode.Scalar
    {
        guard scalar == "\\" else { return scalar }
        guard let letter = peek else { throw refusal("it ends with a backslash") }
        next += 1
        return try character(letter)
    }

    /// `[:alpha:]` or `[:^alpha:]`, its bracket read already.
    private mutating func posixClass() throws(RegularExpression.Refusal) -> [RegexSet.Item] {
        next += 1
        let negated = take("^")
        var name = ""
        while let scalar = peek, scalar != ":" {
            name.unicodeScalars.append(scalar)
            next += 1
        }
        guard take(":"), take("]"), let ranges = RegexSet.posix(name) else {
            throw refusal("it has an unknown class [:\(name.prefix(20)):]")
        }
        return negated ? [.outside(ranges)] : ranges.map { .range($0.lowerBound, $0.upperBound) }
    }
}
