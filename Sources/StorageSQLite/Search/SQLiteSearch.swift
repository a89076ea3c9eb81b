package import OffstageSchema
package import OffstageStorage

/// Search with FTS5.
extension SQLiteDialect {
    /// The cross join is SQLite's word for "in this order": the other way around, each record of the collection would be
    /// asked for with a search of its own.
    package func found(_ terms: [SearchTerm], in collection: Collection, fields: [String]) -> SQL {
        let table = SearchTable.name(of: collection.name)
        let record = SQL.Name(collection)
        let query = Value.text(Self.match(terms, fields: fields, all: fields.count == collection.search.count))
        return """
            (SELECT "rowid" AS "_number", \(SearchRank.function)(\(table)) AS \(SQL.Name.rank)
            FROM \(table) WHERE \(table) MATCH \(query)) AS "_found"
            CROSS JOIN \(record) ON \(record).\(SearchTable.number) = "_found"."_number"
            """
    }

    package func searchUpkeep(of collection: Collection) -> SearchUpkeep? {
        guard !collection.search.isEmpty else { return nil }
        let table = SearchTable.name(of: collection.name)
        let columns = collection.search.map { SQL("\(SearchTable.column($0))") }
        let texts = [SQL](repeating: "\(Value.null)", count: columns.count)
        let settings = columns.map { SQL("\($0) = \(Value.null)") }
        let number: SQL = "SELECT \(SearchTable.number) FROM \(SQL.Name(collection)) WHERE \"id\" = \(Value.null)"
        return SearchUpkeep(
            insert: [
                SearchUpkeep.Step(
                    """
                    INSERT INTO \(table) (\(columns, separator: ", "), "rowid")
                    SELECT \(texts, separator: ", "), \(SearchTable.number)
                    FROM \(SQL.Name(collection)) WHERE "id" = \(Value.null)
                    """
                )
            ],
            update: [
                SearchUpkeep.Step("UPDATE \(table) SET \(settings, separator: ", ") WHERE \"rowid\" = (\(number))")
            ],
            delete: [SearchUpkeep.Step("DELETE FROM \(table) WHERE \"rowid\" = (\(number))")]
        )
    }

    /// The terms in FTS5's syntax. What was typed stands in quotes, where nothing but a quote means anything.
    private static func match(_ terms: [SearchTerm], fields: [String], all: Bool) -> String {
        let wanted = terms.filter { !$0.isExcluded }.map { term in
            let text = quoted(term.text)
            // The whole word as well as its beginning, since the whole counts more.
            return term.isPhrase ? text : "(\(text) OR \(text) *)"
        }
        let excluded = terms.filter(\.isExcluded).map { " NOT " + quoted($0.text) }
        let query = "(" + wanted.joined(separator: " AND ") + ")" + excluded.joined()
        guard !all else { return query }
        let columns = fields.map { quoted(SearchTable.column($0).text) }
        return "{\(columns.joined(separator: " "))} : (\(query))"
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
