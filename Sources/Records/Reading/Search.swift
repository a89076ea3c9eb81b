package import OffstageRules
package import OffstageSchema
import OffstageStorage

/// What a search looks for, as people type it: `green te` has a word that begins with "green" and one that begins with
/// "te", `"green tea"` the two words side by side, and `-tea` has not got that word. Everything else is text.
package struct Search: Hashable, Sendable {
    private let terms: [SearchTerm]
    private let collection: Collection
    /// Those of the collection's search that the caller may read of every record.
    private let fields: [String]

    package static let longest = 256
    package static let termsAtMost = 16

    /// - Throws: `.malformed` for a text without a word, for one that is too long, and for a collection without a search.
    ///   One whose searched fields the caller may not read is one without.
    package init(_ text: String, _ view: View) throws(Failure) {
        collection = view.collection
        fields = collection.search.filter { view.showsAlways($0) }
        guard !fields.isEmpty else {
            throw Failure(.malformed, "search: \(collection.name) has no search.")
        }
        guard text.unicodeScalars.count <= Self.longest else {
            throw Failure(.malformed, "search: at most \(Self.longest) characters.")
        }
        terms = Self.terms(of: text)
        guard terms.count <= Self.termsAtMost else {
            throw Failure(.malformed, "search: at most \(Self.termsAtMost) words, not \(terms.count).")
        }
        guard terms.contains(where: { !$0.isExcluded }) else {
            throw Failure(
                .malformed,
                terms.isEmpty
                    ? "search: there is no word in it."
                    : "search: it only says what must not be there; add a word that must."
            )
        }
    }

    /// What a list reads from instead of the collection alone.
    func found(_ dialect: any Dialect) -> SQL {
        dialect.found(terms, in: collection, fields: fields)
    }

    // MARK: Reading

    /// Every text has terms: a quote that is not closed goes to the end, and what is no word is passed over.
    private static func terms(of text: String) -> [SearchTerm] {
        var terms: [SearchTerm] = []
        var rest = text.unicodeScalars[...]
        while let first = rest.first {
            if isSpace(first) {
                rest.removeFirst()
                continue
            }
            let isExcluded = first == "-"
            if isExcluded { rest.removeFirst() }
            let isPhrase = rest.first.map(isQuote) ?? false
            if isPhrase { rest.removeFirst() }
            let word = rest.prefix { isPhrase ? !isQuote($0) : !isSpace($0) && !isQuote($0) }
            rest = rest[word.endIndex...]
            if isPhrase, !rest.isEmpty { rest.removeFirst() }
            guard word.contains(where: isOfWord) else { continue }
            // A control character would end the text for an engine that reads C strings.
            let text = String(String.UnicodeScalarView(word.map { isSpace($0) ? " " : $0 }))
            terms.append(SearchTerm(text, isPhrase: isPhrase, isExcluded: isExcluded))
        }
        return terms
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
    }

    /// The ones of programs, and those that phones make of them.
    private static func isQuote(_ scalar: Unicode.Scalar) -> Bool {
        ["\"", "\u{201C}", "\u{201D}", "\u{201E}"].contains(scalar)
    }

    /// Letters, digits and private characters, which is what words are made of for engines too.
    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .privateUse:
            true
        default: false
        }
    }
}
