package import OffstageStorage

/// What `EXPLAIN QUERY PLAN` says (https://www.sqlite.org/eqp.html). Its words are for people and may change with a version
/// of SQLite; what is not recognised is a step like any other.
extension SQLiteConnection {
    package func plan(of statement: Statement) throws(StorageFailure) -> [PlanStep] {
        var depths: [Int64: Int] = [:]
        let explain = Statement(text: "EXPLAIN QUERY PLAN " + statement.text, bindings: statement.bindings)
        return try all(explain) { row in
            let depth = depths[row.integer(1)].map { $0 + 1 } ?? 0
            depths[row.integer(0)] = depth
            let text = row.text(3)
            return PlanStep(PlanWords.access(text, in: statement.text), text: text, depth: depth)
        }
    }
}

/// The few sentences of a plan that mean the same in every database.
enum PlanWords {
    static func access(_ text: String, in statement: String) -> PlanStep.Access {
        if text.hasPrefix("USE TEMP B-TREE FOR ORDER BY") { return .sort }
        if let rest = removing("SEARCH ", from: text) {
            let (alias, index) = parts(rest, hasCondition: true)
            // An index that is made for one statement alone reads the whole table first.
            guard let index, !text.contains(" AUTOMATIC ") else {
                return .scan(table: table(alias, in: statement), index: nil)
            }
            return .search(table: table(alias, in: statement), index: index)
        }
        if let rest = removing("SCAN ", from: text), !rest.hasPrefix("CONSTANT ROW"), !rest.hasPrefix("("),
            !rest.contains("VIRTUAL TABLE")
        {
            let (alias, index) = parts(rest, hasCondition: false)
            return .scan(table: table(alias, in: statement), index: index)
        }
        return .other
    }

    private static func removing(_ prefix: String, from text: String) -> String? {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }

    /// `products USING COVERING INDEX products(state) (state=?)`: the table, and the index.
    private static func parts(_ rest: String, hasCondition: Bool) -> (String, String?) {
        guard let using = rest.firstRange(of: " USING ") else { return (rest, nil) }
        var name = rest[using.upperBound...]
        for word in ["AUTOMATIC ", "PARTIAL ", "COVERING ", "INDEX "] where name.hasPrefix(word) {
            name = name.dropFirst(word.count)
        }
        // The names of our indexes have brackets of their own, but never behind a blank.
        if hasCondition, let condition = name.lastRange(of: " (") { name = name[..<condition.lowerBound] }
        let isKey = name.hasPrefix("sqlite_autoindex_") || name.hasSuffix("PRIMARY KEY")
        return (String(rest[..<using.lowerBound]), isKey ? "primary key" : String(name))
    }

    /// The table that an alias of the statement stands for.
    private static func table(_ alias: String, in statement: String) -> String {
        guard let named = statement.firstRange(of: "\" AS \"\(alias)\"") else { return alias }
        let before = statement[..<named.lowerBound]
        guard let quote = before.lastIndex(of: "\"") else { return alias }
        return String(before[before.index(after: quote)...])
    }
}

extension StringProtocol {
    fileprivate func firstRange(of part: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
            start = index(after: start)
        }
        return nil
    }

    fileprivate func lastRange(of part: String) -> Range<Index>? {
        var found: Range<Index>?
        var rest = startIndex
        while let range = self[rest...].firstRange(of: part) {
            found = range
            rest = range.upperBound
        }
        return found
    }
}
