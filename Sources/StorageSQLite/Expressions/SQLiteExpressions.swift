import OffstageSchema
package import OffstageStorage

/// What expressions need, as SQLite writes it: its own functions where they are exact, ours (`ExpressionFunctions`) where
/// they are not.
extension SQLiteDialect {
    package func isSame(_ left: SQL, _ right: SQL) -> SQL { "\(left) IS \(right)" }

    package func isDifferent(_ left: SQL, _ right: SQL) -> SQL { "\(left) IS NOT \(right)" }

    package func exactText(_ column: SQL) -> SQL { "\(column) COLLATE BINARY" }

    package func byCodePoints(_ text: SQL) -> SQL { text }

    package func text(ofIdentifier id: SQL) -> SQL { id }

    package func identifier(_ text: SQL) -> SQL { text }

    // MARK: Numbers

    package func double(_ operation: DoubleOperation, _ left: SQL, _ right: SQL) -> SQL {
        switch operation {
        case .add: "(\(left) + \(right))"
        case .subtract: "(\(left) - \(right))"
        case .multiply: "(\(left) * \(right))"
        case .divide: "(\(left) / \(right))"
        }
    }

    package func double(_ whole: SQL) -> SQL { "CAST(\(whole) AS REAL)" }

    package func text(_ whole: SQL) -> SQL { "CAST(\(whole) AS TEXT)" }

    // MARK: Texts

    package func characterCount(_ text: SQL) -> SQL { "length(\(text))" }

    package func contains(_ text: SQL, _ part: SQL) -> SQL { "instr(\(text), \(part)) > 0" }

    package func startsWith(_ text: SQL, _ part: SQL) -> SQL { "instr(\(text), \(part)) = 1" }

    package func endsWith(_ text: SQL, _ part: SQL) -> SQL { "offstage_ends_with(\(text), \(part))" }

    package func cased(_ text: SQL, _ letters: LetterCase) -> SQL {
        switch letters {
        case .lower: "offstage_lower(\(text))"
        case .upper: "offstage_upper(\(text))"
        case .asciiLower: "lower(\(text))"
        case .asciiUpper: "upper(\(text))"
        }
    }

    package func matches(_ text: SQL, pattern: String) -> SQL { "offstage_matches(\(text), \(.text(pattern)))" }

    // MARK: Times

    package func milliseconds(of moment: SQL) -> SQL { moment }

    package func moment(fromMilliseconds milliseconds: SQL) -> SQL { milliseconds }

    package func text(ofDate date: SQL) -> SQL { date }

    package func part(_ part: CalendarPart, of milliseconds: SQL) -> SQL {
        switch part {
        case .year: field("%Y", milliseconds)
        case .month: field("%m", milliseconds)
        case .day: field("%d", milliseconds)
        case .dayOfYear: field("%j", milliseconds)
        case .dayOfWeek: field("%w", milliseconds)
        case .hour: field("%H", milliseconds)
        case .minute: field("%M", milliseconds)
        case .second: field("%S", milliseconds)
        case .millisecond: "offstage_floor_remainder(\(milliseconds), 1000)"
        case .epochSecond: seconds(milliseconds)
        }
    }

    package func day(of milliseconds: SQL) -> SQL {
        "strftime('%Y-%m-%d', \(seconds(milliseconds)), 'unixepoch')"
    }

    private func field(_ format: StaticString, _ milliseconds: SQL) -> SQL {
        "CAST(strftime(\(SQL(format)), \(seconds(milliseconds)), 'unixepoch') AS INTEGER)"
    }

    private func seconds(_ milliseconds: SQL) -> SQL { "offstage_floor_quotient(\(milliseconds), 1000)" }

    // MARK: Lists and JSON

    package func elements(of list: SQL, holding element: ColumnType.Element, as alias: SQL.Name) -> SQL {
        "json_each(\(list)) AS \(alias)"
    }

    package var elementColumn: SQL.Name { SQL.Name("value") }

    package func elementCount(of list: SQL) -> SQL { "json_array_length(\(list))" }

    package func element(of list: SQL, holding element: ColumnType.Element, at index: Int) -> SQL {
        "json_extract(\(list), \(.text("$[\(index)]")))"
    }

    package func jsonKind(_ json: SQL, _ path: [String]) -> SQL { "json_type(\(json), \(.text(text(of: path))))" }

    package func jsonText(_ json: SQL, _ path: [String]) -> SQL { extracted(json, path) }

    package func jsonWhole(_ json: SQL, _ path: [String]) -> SQL { extracted(json, path) }

    package func jsonDouble(_ json: SQL, _ path: [String]) -> SQL { double(extracted(json, path)) }

    private func extracted(_ json: SQL, _ path: [String]) -> SQL {
        "json_extract(\(json), \(.text(text(of: path))))"
    }

    /// Names of expressions are identifiers, so nothing in them needs an escape.
    private func text(of path: [String]) -> String {
        path.reduce("$") { $0 + ".\"" + $1 + "\"" }
    }
}

extension SQL {
    /// A quoted text of the source code.
    fileprivate init(_ format: StaticString) {
        self = "'"
        self += SQL(stringLiteral: format)
        self += "'"
    }
}
