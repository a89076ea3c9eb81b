import OffstageSchema
import OffstageStorage
import OffstageStorageSQLite
import Testing

/// The words of texts, beside those that FTS5 itself makes.
@Suite struct SearchWordsTests {
    @Test(arguments: [
        ("", []), ("Green tea, 2nd!", ["green", "tea", "2nd"]), ("ZÜRICH Zu\u{308}rich", ["zurich", "zurich"]),
        ("a_b-c'd\u{2019}e.f\ng\u{a0}h", ["a", "b", "c", "d", "e", "f", "g", "h"]),
        ("Straße STRASSE ẞ", ["straße", "strasse", "ß"]), ("ΣΊΣΥΦΟΣ ς", ["σίσυφοσ", "σ"]),
        ("Ёлка Елка", ["ёлка", "елка"]), ("İı Iı", ["iı", "iı"]), ("Điện Tiếng ở", ["đien", "tieng", "o"]),
        ("日本語、한국어", ["日本語", "한국어"]), ("a😀b 🤠", ["a", "b", "🤠"]), ("x² Ⅷ ﬁ", ["x²", "ⅷ", "ﬁ"]),
        ("\u{301}a \u{301} e\u{345}f", ["a", "e", "f"]), ("ǅ Ǡ \u{212a}\u{fffe}", ["ǆ", "ǡ", "k"]),
    ])
    func theseAreTheWords(_ text: String, _ words: [String]) async throws {
        #expect(SearchWords.words(of: text) == words)
        #expect(try await Self.made([text]) == [words])
    }

    /// A newer Swift may know of a letter that was a mark when FTS5's tables were made: then ``SearchWords`` has to.
    @Test func everyCharacterIsOfTheSameWords() async throws {
        // All of the first two planes, where letters are; a sample of the others.
        let values = Array(1..<0x20000) + Array(stride(from: 0x20000, through: 0x10ffff, by: 101))
        var scalars = values.compactMap(Unicode.Scalar.init)[...]
        var texts: [String] = []
        while !scalars.isEmpty {
            let part = scalars.prefix(512)
            scalars = scalars.dropFirst(512)
            texts.append(part.map { "\($0) x\($0)y" }.joined(separator: " "))
        }
        let made = try await Self.made(texts)
        for (text, words) in zip(texts, made) {
            // Byte by byte: strings are equal in other spellings too.
            let difference = words.map { Array($0.utf8) }.difference(
                from: SearchWords.words(of: text).map { Array($0.utf8) }
            )
            let first = text.unicodeScalars.first.map { String($0.value, radix: 16) } ?? ""
            #expect(difference.isEmpty, "within 512 from U+\(first)")
        }
    }

    /// The words of each text, in their order, that a table of FTS5 has.
    private static func made(_ texts: [String]) async throws -> [[String]] {
        let database = try TestDatabase()
        defer { withExtendedLifetime(database) {} }
        let engine = try database.open()
        try await engine.run([
            "CREATE VIRTUAL TABLE \"texts\" USING fts5 (\"text\", tokenize = 'unicode61 remove_diacritics 2')",
            "CREATE VIRTUAL TABLE \"words\" USING fts5vocab (\"texts\", 'instance')",
        ])
        try await engine.run(
            texts.enumerated().map { place, text -> SQL in
                "INSERT INTO \"texts\" (\"rowid\", \"text\") VALUES (\(.integer(Int64(place))), \(.text(text)))"
            }
        )
        var words = [[String]](repeating: [], count: texts.count)
        let found = try await engine.texts(
            "SELECT \"doc\", \"term\" FROM \"words\" ORDER BY \"doc\", \"offset\"",
            columns: 2
        )
        for word in found {
            // By scalars, since a word may begin with a mark, which makes one character with the bar.
            let parts = word.unicodeScalars.split(separator: "|", maxSplits: 1).map(String.init)
            if let place = Int(parts[0]), parts.count == 2 { words[place].append(parts[1]) }
        }
        return words
    }
}
