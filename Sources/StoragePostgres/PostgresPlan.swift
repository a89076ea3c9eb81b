import OffstageSchema
package import OffstageStorage

/// What EXPLAIN says (https://www.postgresql.org/docs/current/using-explain.html). Its words are for people; what is not
/// recognised is a step like any other.
extension PostgresConnection {
    package func plan(of statement: Statement) throws(StorageFailure) -> [PlanStep] {
        let explain = Statement(text: "EXPLAIN (COSTS OFF) " + statement.text, bindings: statement.bindings)
        return try all(explain) { $0.text(0) }.map { line in
            let indent = line.prefix { $0 == " " }.count
            let text = line.drop { $0 == " " || $0 == "-" || $0 == ">" }
            return PlanStep(Self.access(String(text)), text: String(text), depth: (indent + 4) / 6)
        }
    }

    private static func access(_ text: String) -> PlanStep.Access {
        for kind in [
            "Index Only Scan using ", "Index Scan using ", "Index Only Scan Backward using ",
            "Index Scan Backward using ",
        ]
        where text.hasPrefix(kind) {
            let (index, table) = parts(text.dropFirst(kind.count))
            return .search(table: table, index: index)
        }
        if text.hasPrefix("Bitmap Heap Scan on ") {
            return .search(table: parts(text.dropFirst(17)).table, index: "bitmap")
        }
        if text.hasPrefix("Seq Scan on ") { return .scan(table: parts(text.dropFirst(9)).table, index: nil) }
        if text.hasPrefix("Sort") || text.hasPrefix("Incremental Sort") { return text.contains(":") ? .other : .sort }
        return .other
    }

    /// `"orders(status)" on orders o`: the index and the table, without their quotes.
    private static func parts(_ text: Substring) -> (index: String, table: String) {
        var rest = text[...]
        let index = name(&rest)
        if rest.hasPrefix(" on ") {
            rest = rest.dropFirst(4)
        } else if rest.hasPrefix("on ") {
            rest = rest.dropFirst(3)
        }
        return (index, name(&rest))
    }

    private static func name(_ text: inout Substring) -> String {
        guard text.hasPrefix("\"") else {
            let name = text.hasPrefix("on ") ? "" : text.prefix { $0 != " " }
            text = text.dropFirst(name.count)
            return String(name)
        }
        let name = text.dropFirst().prefix { $0 != "\"" }
        text = text.dropFirst(name.count + 2)
        return String(name)
    }
}
