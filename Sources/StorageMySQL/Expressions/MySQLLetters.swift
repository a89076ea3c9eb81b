/// Upper and lower case as stored functions: what the servers make of letters differs from Swift's, and between their versions.
///
/// Texts of ASCII alone, which most are, are left to the server. In any other, the letters that occur are replaced one after
/// the other: so what that costs grows with the different letters of a text, not with its length times their number.
enum MySQLLetters {
    static func functions(text: String, collation: String) -> [MySQLFunctions.Definition] {
        [
            definition("lower", text, collation, changing: \.lowercaseMapping),
            definition("upper", text, collation, changing: \.uppercaseMapping),
        ]
    }

    /// What a text is with its ASCII letters in another case and all others as they are, and nothing written twice. Its bytes
    /// are taken for Thai, which has one byte a letter and no case.
    ///
    /// - Parameter function: LOWER or UPPER.
    static func ascii(_ function: String, _ text: String, collation: String) -> String {
        let letters = "CAST(\(function)(CONVERT(CAST(\(text) AS BINARY) USING tis620)) AS BINARY)"
        return "CONVERT(\(letters) USING utf8mb4) COLLATE \(collation)"
    }

    private static func definition(
        _ name: String,
        _ text: String,
        _ collation: String,
        changing mapping: (Unicode.Scalar.Properties) -> String
    ) -> MySQLFunctions.Definition {
        let function = name == "lower" ? "LOWER" : "UPPER"
        let changes = Changes(mapping)
        let short = "VARCHAR(8) CHARACTER SET utf8mb4 COLLATE \(collation)"
        return MySQLFunctions.Definition(
            name: name,
            parameters: "value \(text)",
            result: text,
            body: """
                BEGIN
                DECLARE rest \(text);
                DECLARE letter, changed \(short);
                IF value IS NULL OR LENGTH(value) = CHAR_LENGTH(value) THEN RETURN \(function)(value); END IF;
                SET value = \(ascii(function, "value", collation: collation));
                SET rest = value;
                letters: WHILE LENGTH(rest) > CHAR_LENGTH(rest) DO
                SET letter = REGEXP_SUBSTR(rest, '[\(changes.stretches)]');
                IF letter = '' OR letter IS NULL THEN LEAVE letters; END IF;
                \(changes.lookup)
                IF changed IS NOT NULL THEN SET value = REPLACE(value, letter, changed); END IF;
                SET rest = REPLACE(rest, letter, REPEAT(' ', LENGTH(letter)));
                END WHILE;
                RETURN value;
                END
                """
        )
    }

    /// What one case makes of letters beyond ASCII.
    private struct Changes {
        private let letters: [(letter: Unicode.Scalar, changed: String)]
        /// The stretches of Unicode that all of them lie in, as in the brackets of a regular expression.
        let stretches: String

        /// Letters further apart than this lie in different stretches.
        private static let widestGap: UInt32 = 64
        /// Letters that are looked for in one text.
        private static let tableSize = 64

        init(_ mapping: (Unicode.Scalar.Properties) -> String) {
            letters = (UInt32(0x80)...0x10ffff).compactMap { value in
                guard let letter = Unicode.Scalar(value) else { return nil }
                let changed = mapping(letter.properties)
                return changed.unicodeScalars.elementsEqual(CollectionOfOne(letter)) ? nil : (letter, changed)
            }
            stretches = Self.stretches(letters.map(\.letter.value))
        }

        private static func stretches(_ values: [UInt32]) -> String {
            var stretches: [ClosedRange<UInt32>] = []
            for value in values {
                if let last = stretches.last, value - last.upperBound <= widestGap {
                    stretches[stretches.count - 1] = last.lowerBound...value
                } else {
                    stretches.append(value...value)
                }
            }
            return stretches.map { stretch in
                "\\x{\(String(stretch.lowerBound, radix: 16))}-\\x{\(String(stretch.upperBound, radix: 16))}"
            }.joined()
        }

        /// The statement that sets `changed` to what `letter` becomes, and to NULL where it stays what it is. The letters stand
        /// in tables, in the order of code points; a branch for each half of them leads to the one to look into, since a
        /// server goes through whatever stands in an expression, needed or not.
        var lookup: String { lookup(in: letters[...]) }

        private func lookup(in letters: ArraySlice<(letter: Unicode.Scalar, changed: String)>) -> String {
            guard letters.count > Self.tableSize else { return Self.lookup(inTable: letters) }
            let middle = letters.startIndex + letters.count / 2
            return """
                IF letter < '\(letters[middle].letter)' THEN
                \(lookup(in: letters[..<middle]))
                ELSE
                \(lookup(in: letters[middle...]))
                END IF;
                """
        }

        private static func lookup(inTable letters: ArraySlice<(letter: Unicode.Scalar, changed: String)>) -> String {
            let width = letters.map(\.changed.unicodeScalars.count).max() ?? 1
            let keys = String(String.UnicodeScalarView(letters.map(\.letter)))
            let values = letters.map { _, changed in
                changed + String(repeating: " ", count: width - changed.unicodeScalars.count)
            }.joined()
            let place = "NULLIF(LOCATE(letter, '\(keys)'), 0)"
            return "SET changed = RTRIM(SUBSTRING('\(values)', \(place) * \(width) - \(width - 1), \(width)));"
        }
    }
}
