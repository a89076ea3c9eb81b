import OffstageSchema

/// The words of texts, for a search: those that FTS5 makes with `unicode61 remove_diacritics 2` (sqlite.org/fts5.html,
/// section 4.3.1), so that all engines find the same.
///
/// That tokenizer has the tables of Unicode 6.1, and takes for a letter whatever was not in them: so newer emoji are
/// words and older ones stand between words, and newer letters have no cases. It is followed in that too.
package enum SearchWords {
    /// The words in their order, each as often as it is there.
    package static func words(of text: String) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch part(scalar) {
            case .letter(let letter):
                if letter.isASCII {
                    word.append(UInt8(truncatingIfNeeded: letter.value))
                } else {
                    word += Unicode.UTF8.encode(letter) ?? Unicode.UTF8.encodedReplacementCharacter
                }
            case .mark: break
            case .between:
                guard !word.isEmpty else { break }
                words.append(String(decoding: word, as: UTF8.self))
                word.removeAll(keepingCapacity: true)
            }
        }
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }

    /// What a code point is to the word that it stands in.
    private enum Part {
        /// Letters, digits and private characters: the same for all cases, and for all accents of a Latin letter.
        case letter(Unicode.Scalar)
        /// An accent of its own, which is passed over.
        case mark
        case between
    }

    private static func part(_ scalar: Unicode.Scalar) -> Part {
        switch scalar {
        case "a"..."z", "0"..."9": return .letter(scalar)
        case "A"..."Z": return .letter(Unicode.Scalar(UInt8(scalar.value) + 32))
        case "\0"..."\u{7f}": return .between
        case ..."\u{ffff}":
            switch firstPlane[Int(scalar.value)] {
            case between: return .between
            case mark: return .mark
            case let letter: return Unicode.Scalar(letter).map(Part.letter) ?? .between
            }
        default: return isOfWord(scalar) ? .letter(folded(scalar)) : .between
        }
    }

    // MARK: The first plane, looked up once

    private static let between: UInt16 = 0
    private static let mark: UInt16 = 1

    /// The letter of each code point, or one of the two above.
    private static let firstPlane: [UInt16] = (0...0xffff).map { (value: UInt16) in
        // FTS5 reads the two noncharacters at the end as U+FFFD, a symbol.
        guard value < 0xfffe, let scalar = Unicode.Scalar(value) else { return between }
        if marks.contains(scalar) { return mark }
        guard isOfWord(scalar) else { return between }
        return UInt16(truncatingIfNeeded: withoutAccents(folded(scalar)).value)
    }

    /// The accents that Latin letters with a code point of their own have. All others end a word.
    private static let marks: Set<Unicode.Scalar> = [
        "\u{300}", "\u{301}", "\u{302}", "\u{303}", "\u{304}", "\u{306}", "\u{307}", "\u{308}", "\u{309}", "\u{30a}",
        "\u{30b}", "\u{30c}", "\u{30f}", "\u{311}", "\u{31b}", "\u{323}", "\u{324}", "\u{325}", "\u{326}", "\u{327}",
        "\u{328}", "\u{32d}", "\u{32e}", "\u{330}", "\u{331}",
    ]

    // MARK: Unicode 6.1

    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        guard isKnown(scalar) else { return true }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .decimalNumber, .letterNumber,
            .otherNumber, .privateUse, .unassigned:
            return true
        // The signs of New Tai Lue and two of Vedic were marks then.
        case .otherLetter:
            return !["\u{19b0}"..."\u{19c0}", "\u{19c8}"..."\u{19c9}", "\u{1cf2}"..."\u{1cf3}"]
                .contains { $0.contains(scalar) }
        // Two signs of Mongolian were letters.
        default: return ["\u{1885}", "\u{1886}"].contains(scalar)
        }
    }

    private static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.age.map { $0 <= (6, 1) } ?? false
    }

    /// By way of the upper case, since some lower cases have a second form, such as "ς".
    private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let upper = single(scalar.properties.uppercaseMapping) ?? scalar
        guard scalar != "ı", let lower = single(upper.properties.lowercaseMapping), isKnown(scalar), isKnown(lower)
        else { return scalar }
        return lower
    }

    private static func single(_ mapping: String) -> Unicode.Scalar? {
        mapping.unicodeScalars.count == 1 ? mapping.unicodeScalars.first : nil
    }

    /// The letter of ASCII that an accented one is made of, in lower case. FTS5 has forgotten "ǡ".
    private static func withoutAccents(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard scalar != "ǡ", let first = NormalizedText.decomposed(String(scalar)).unicodeScalars.first else {
            return scalar
        }
        return switch first {
        case "a"..."z": first
        case "A"..."Z": folded(first)
        default: scalar
        }
    }
}
