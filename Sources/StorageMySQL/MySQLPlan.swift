import OffstageSchema
package import OffstageStorage

/// What EXPLAIN says (mariadb.com/kb/en/explain): a row for each table, in the order in which they are gone through.
extension MySQLConnection {
    package func plan(of statement: Statement) throws(StorageFailure) -> [PlanStep] {
        let explain = Statement(text: "EXPLAIN " + statement.text, bindings: statement.bindings)
        let steps = try all(explain) { [words] row in Self.steps(row, words) }
        return steps.flatMap(\.self)
    }

    private static func steps(_ row: any Row, _ words: MySQLDialect) -> [PlanStep] {
        // MySQL has two columns more: the partitions and the share of rows that pass.
        let (type, key, extra) = words.isMariaDB ? (3, 5, 9) : (4, 6, 11)
        let depth = row.integer(0) > 1 ? 1 : 0
        let (table, way, index, notes) = (row.text(2), row.text(type), row.text(key), row.text(extra))
        let text = [row.text(1), table, way, index, notes].filter { !$0.isEmpty }.joined(separator: " ")
        var steps = [PlanStep(access(table, way, index), text: text, depth: depth)]
        if notes.contains("Using filesort") { steps.append(PlanStep(.sort, text: "Using filesort", depth: depth)) }
        return steps
    }

    private static func access(_ table: String, _ way: String, _ index: String) -> PlanStep.Access {
        // What is not stored has its name in such brackets.
        if table.isEmpty || table.hasPrefix("<") { return .other }
        switch way {
        case "", "NULL", "system": return .other
        case "ALL": return .scan(table: table, index: nil)
        case "index": return .scan(table: table, index: index)
        default: return .search(table: table, index: index)
        }
    }
}
