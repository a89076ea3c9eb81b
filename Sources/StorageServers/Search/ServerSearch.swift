package import OffstageSchema
package import OffstageStorage

/// Searching with the tables of ``SearchTables``.
extension ServerDialect {
    package func found(_ terms: [SearchTerm], in collection: Collection, fields: [String]) -> SQL {
        let tables = SearchTables(collection)
        let record = SQL.Name(collection)
        let texts = SQL.Name("_texts")
        let phrases = terms.map { (term: $0, words: SearchWords.words(of: $0.text)) }.filter { !$0.words.isEmpty }
        var conditions: [SQL] = []
        var weights: [SQL] = []
        for (term, words) in phrases {
            let needles = Self.needles(words, isPhrase: term.isPhrase || term.isExcluded)
            let stands = needles.map { needle in
                fields.map { contains(Self.column($0, texts), "\(.text(needle))") }.joinedAsAlternatives
            }.joinedAsAlternatives
            conditions.append(term.isExcluded ? "NOT (\(stands))" : "(\(stands))")
            if term.isExcluded { continue }
            for (word, isLast) in zip(words, words.indices.map { $0 == words.count - 1 }) {
                let isPrefix = isLast && !term.isPhrase
                conditions.append(
                    Self.candidates(word, isPrefix: isPrefix, tables, of: "\(texts).\(SQL.Name("record"))")
                )
            }
            for needle in needles { weights.append(weight(needle, fields, collection, texts)) }
        }
        if conditions.isEmpty { conditions = ["1 = 0"] }
        return """
            (SELECT \(texts).\(SQL.Name("record")) AS \(SQL.Name("_record")), \(rank(weights)) AS \(SQL.Name.rank)
            FROM \(tables.texts) AS \(texts) WHERE \(conditions, separator: " AND ")) AS \(SQL.Name("_found"))
            JOIN \(record) ON \(record).\(SQL.Name("id")) = \(SQL.Name("_found")).\(SQL.Name("_record"))
            """
    }

    package func searchUpkeep(of collection: Collection) -> SearchUpkeep? {
        collection.search.isEmpty ? nil : SearchTables(collection).upkeep(self)
    }

    private static func column(_ field: String, _ table: SQL.Name) -> SQL {
        "\(table).\(SearchTables.column(field))"
    }

    /// What is looked for in the words of a field: a phrase as it is; any other term as a whole and as a beginning, since the
    /// whole counts more.
    private static func needles(_ words: [String], isPhrase: Bool) -> [String] {
        let whole = SearchTables.joined(words)
        return isPhrase ? [whole] : [whole, String(whole.dropLast())]
    }

    /// Records that have a word, by the index.
    private static func candidates(_ word: String, isPrefix: Bool, _ tables: SearchTables, of record: SQL) -> SQL {
        let key = String(String.UnicodeScalarView(word.unicodeScalars.prefix(SearchTables.keyCharacters)))
        let column = SQL.Name("word")
        var condition: SQL = "\(column) = \(.text(key))"
        if isPrefix {
            condition = "\(column) >= \(.text(key)) AND \(column) < \(.text(key + "\u{10ffff}"))"
        }
        return "\(record) IN (SELECT \(SQL.Name("record")) FROM \(tables.words) WHERE \(condition))"
    }

    // MARK: Rank

    /// Of one needle: its places, those in a short text and in an earlier field counting more. The numbers are those of
    /// SQLite's rank.
    private func weight(_ needle: String, _ fields: [String], _ collection: Collection, _ texts: SQL.Name) -> SQL {
        let length = Value.integer(Int64(needle.unicodeScalars.count))
        let parts = fields.map { field -> SQL in
            let place = collection.search.firstIndex(of: field) ?? 0
            let column = Self.column(field, texts)
            let rest = characterCount("replace(\(column), \(.text(needle)), '')")
            let places = double("(\(characterCount(column)) - \(rest))")
            let words = double("\(texts).\(SearchTables.count(field))")
            let worth = Value.number(1 + 2 / (Double(place) + 1))
            return
                "(\(places) / \(double("\(length)")) * \(worth) / (\(.number(0.25)) + \(.number(0.75)) * \(words) / \(.number(16))))"
        }
        return "(\(parts, separator: " + "))"
    }

    /// A whole number, smaller for what fits better: the more places, the closer a term comes to its most.
    private func rank(_ weights: [SQL]) -> SQL {
        let scores = weights.map { "(\($0) * \(.number(2.2)) / (\($0) + \(.number(1.2))))" as SQL }
        return scores.isEmpty ? "0" : negatedMillionths("(\(scores, separator: " + "))")
    }
}

extension [SQL] {
    fileprivate var joinedAsAlternatives: SQL { "(\(self, separator: " OR "))" }
}
