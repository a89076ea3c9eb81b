import OffstageSchema
import OffstageStorage

/// Stands in for a database while the rules of an app file are checked: writes everything about as long and as deep as the
/// real ones do, and is never run.
struct TrialDialect: Dialect {
    func quoted(_ name: String) -> String { name }
    func placeholder(_ position: Int) -> String { "?" }

    func isSame(_ left: SQL, _ right: SQL) -> SQL { "\(left) IS NOT DISTINCT FROM \(right)" }
    func isDifferent(_ left: SQL, _ right: SQL) -> SQL { "\(left) IS DISTINCT FROM \(right)" }
    func exactText(_ column: SQL) -> SQL { column }
    func byCodePoints(_ text: SQL) -> SQL { text }
    func text(ofIdentifier id: SQL) -> SQL { id }
    func identifier(_ text: SQL) -> SQL { text }
    func typed(_ value: Value, as type: ColumnType) -> SQL { "\(value)" }
    func ordered(_ term: SQL, of column: String, descending: Bool) -> SQL { term }
    var comparesRowsByIndex: Bool { true }
    var lockingRead: SQL { "" }
    var journal: JournalDialect { .numberedAtOnce }

    func bounded(_ whole: SQL, _ range: ClosedRange<Int64>) -> SQL { "bounded(\(whole))" }
    func whole(_ operation: WholeOperation, _ left: SQL, _ right: SQL) -> SQL { "whole(\(left), \(right))" }
    func double(_ operation: DoubleOperation, _ left: SQL, _ right: SQL) -> SQL { "double(\(left), \(right))" }
    func decimal(_ operation: DecimalOperation, _ left: ScaledSQL, _ right: ScaledSQL) -> SQL {
        "decimal(\(left.sql), \(right.sql))"
    }
    func decimalOrder(_ left: ScaledSQL, _ right: ScaledSQL) -> SQL { "decimal(\(left.sql), \(right.sql))" }
    func double(_ whole: SQL) -> SQL { "double(\(whole))" }
    func text(_ whole: SQL) -> SQL { "text(\(whole))" }

    func characterCount(_ text: SQL) -> SQL { "length(\(text))" }
    func contains(_ text: SQL, _ part: SQL) -> SQL { "contains(\(text), \(part))" }
    func startsWith(_ text: SQL, _ part: SQL) -> SQL { "starts(\(text), \(part))" }
    func endsWith(_ text: SQL, _ part: SQL) -> SQL { "ends(\(text), \(part))" }
    func cased(_ text: SQL, _ letters: LetterCase) -> SQL { "cased(\(text))" }
    func matches(_ text: SQL, pattern: String) -> SQL { "matches(\(text))" }

    func milliseconds(of moment: SQL) -> SQL { "milliseconds(\(moment))" }
    func moment(fromMilliseconds milliseconds: SQL) -> SQL { "moment(\(milliseconds))" }
    func part(_ part: CalendarPart, of moment: SQL) -> SQL { "part((((\(moment)))))" }
    func day(of moment: SQL) -> SQL { "day((\(moment)))" }
    func text(ofDate date: SQL) -> SQL { date }

    func elements(of list: SQL, holding element: ColumnType.Element, as alias: SQL.Name) -> SQL {
        "elements(\(list)) AS \(alias)"
    }
    var elementColumn: SQL.Name { SQL.Name("value") }
    func elementCount(of list: SQL) -> SQL { "count(\(list))" }
    func element(of list: SQL, holding element: ColumnType.Element, at index: Int) -> SQL { "element(\(list))" }
    func jsonKind(_ json: SQL, _ path: [String]) -> SQL { "kind(\(json))" }
    func jsonText(_ json: SQL, _ path: [String]) -> SQL { "text(\(json))" }
    func jsonWhole(_ json: SQL, _ path: [String]) -> SQL { "whole(\(json))" }
    func jsonDouble(_ json: SQL, _ path: [String]) -> SQL { "double(\(json))" }

    // No rule asks for a summary.
    func firstDay(of period: CalendarPeriod, _ date: SQL) -> SQL { date }
    func caselessKey(_ column: SQL) -> SQL { column }
    func wholeSum(_ whole: SQL) -> WholeSumSQL { WholeSumSQL(high: whole, low: whole) }
    func doubleSum(_ number: SQL) -> SQL { number }
    func found(_ terms: [SearchTerm], in collection: Collection, fields: [String]) -> SQL { "\(SQL.Name(collection))" }
    func searchUpkeep(of collection: Collection) -> SearchUpkeep? { nil }
}
