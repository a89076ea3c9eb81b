import OffstageExpressions
import OffstageSchema
package import OffstageStorage

/// What expressions need, as PostgreSQL writes it: its own operators where they fail for no row, ours
/// (`PostgresFunctions`) where they would.
extension PostgresDialect {
    package func isSame(_ left: SQL, _ right: SQL) -> SQL { "\(left) IS NOT DISTINCT FROM \(right)" }

    package func isDifferent(_ left: SQL, _ right: SQL) -> SQL { "\(left) IS DISTINCT FROM \(right)" }

    /// Columns of mail addresses are kept by code points; their indexes are not.
    package func exactText(_ column: SQL) -> SQL { column }

    package func byCodePoints(_ text: SQL) -> SQL { "((\(text)) COLLATE \"C\")" }

    package func text(ofIdentifier id: SQL) -> SQL { "((\(id))::text COLLATE \"C\")" }

    package func identifier(_ text: SQL) -> SQL { "(\(text))::uuid" }

    // MARK: Numbers

    package func double(_ whole: SQL) -> SQL { "(\(whole))::double precision" }

    package func text(_ whole: SQL) -> SQL { "((\(whole))::text COLLATE \"C\")" }

    package func negatedMillionths(_ double: SQL) -> SQL { "(-round((\(double) * 1000000)::numeric))::bigint" }

    // MARK: Texts

    package func characterCount(_ text: SQL) -> SQL { "char_length(\(text))" }

    package func contains(_ text: SQL, _ part: SQL) -> SQL { "strpos(\(text), \(part)) > 0" }

    package func startsWith(_ text: SQL, _ part: SQL) -> SQL { "strpos(\(text), \(part)) = 1" }

    /// The beginning of one turned around is the end of the other.
    package func endsWith(_ text: SQL, _ part: SQL) -> SQL { "strpos(reverse(\(text)), reverse(\(part))) = 1" }

    package func cased(_ text: SQL, _ letters: LetterCase) -> SQL {
        switch letters {
        case .lower: "offstage_lower(\(text))"
        case .upper: "offstage_upper(\(text))"
        case .asciiLower: "lower((\(text)) COLLATE \"C\")"
        case .asciiUpper: "upper((\(text)) COLLATE \"C\")"
        }
    }

    /// A pattern that PostgreSQL can't be told fails, as one that takes too long does.
    package func matches(_ text: SQL, pattern: String) -> SQL {
        guard let expression = try? RegularExpression(pattern: pattern),
            let written = expression.written(for: .postgres)
        else { return "(\(text)) IS NULL AND NULL" }
        return "(\(text)) COLLATE \"C\" ~ \(.text(written))"
    }

    // MARK: Times

    package func milliseconds(of moment: SQL) -> SQL { "offstage_milliseconds(\(moment))" }

    package func moment(fromMilliseconds milliseconds: SQL) -> SQL { "offstage_moment(\(milliseconds))" }

    package func part(_ part: CalendarPart, of moment: SQL) -> SQL {
        switch part {
        case .year: field("year", moment)
        case .month: field("month", moment)
        case .day: field("day", moment)
        case .dayOfYear: field("doy", moment)
        case .dayOfWeek: field("dow", moment)
        case .hour: field("hour", moment)
        case .minute: field("minute", moment)
        case .second: "floor(extract(second FROM (\(moment)) AT TIME ZONE 'UTC'))::bigint"
        case .millisecond: "(extract(milliseconds FROM (\(moment)) AT TIME ZONE 'UTC')::bigint % 1000)"
        case .epochSecond: "floor(extract(epoch FROM \(moment)))::bigint"
        }
    }

    private func field(_ name: StaticString, _ moment: SQL) -> SQL {
        "extract(\(SQL(stringLiteral: name)) FROM (\(moment)) AT TIME ZONE 'UTC')::bigint"
    }

    package func day(of moment: SQL) -> SQL { "((\(moment)) AT TIME ZONE 'UTC')::date" }

    package func text(ofDate date: SQL) -> SQL { "(to_char(\(date), 'YYYY-MM-DD') COLLATE \"C\")" }

    // MARK: Lists and JSON

    package func elements(of list: SQL, holding element: ColumnType.Element, as alias: SQL.Name) -> SQL {
        switch element {
        case .integer:
            "(SELECT \"_each\"::bigint AS \"value\" FROM jsonb_array_elements_text(\(list)) AS \"_each\") AS \(alias)"
        case .text, .identifier:
            "(SELECT \"_each\" COLLATE \"C\" AS \"value\" FROM jsonb_array_elements_text(\(list)) AS \"_each\") AS \(alias)"
        }
    }

    package var elementColumn: SQL.Name { SQL.Name("value") }

    package func elementCount(of list: SQL) -> SQL { "jsonb_array_length(\(list))" }

    package func element(of list: SQL, holding element: ColumnType.Element, at index: Int) -> SQL {
        let value: SQL = "((\(list)) ->> \(.integer(Int64(index)))::integer)"
        return element == .integer ? "\(value)::bigint" : byCodePoints(value)
    }

    package func jsonKind(_ json: SQL, _ path: [String]) -> SQL { "offstage_json_kind(\(json), \(array(path)))" }

    package func jsonText(_ json: SQL, _ path: [String]) -> SQL {
        byCodePoints("offstage_json_text(\(json), \(array(path)))")
    }

    package func jsonWhole(_ json: SQL, _ path: [String]) -> SQL { "offstage_json_whole(\(json), \(array(path)))" }

    package func jsonDouble(_ json: SQL, _ path: [String]) -> SQL { "offstage_json_double(\(json), \(array(path)))" }

    /// Names of expressions are identifiers, so nothing in them needs an escape.
    private func array(_ path: [String]) -> SQL { "\(.text("{" + path.joined(separator: ",") + "}"))::text[]" }

    // MARK: Summaries

    package func firstDay(of period: CalendarPeriod, _ date: SQL) -> SQL {
        switch period {
        case .year: "date_trunc('year', (\(date))::timestamp)::date"
        case .month: "date_trunc('month', (\(date))::timestamp)::date"
        case .day: date
        }
    }

    package func caselessKey(_ column: SQL) -> SQL { "lower(\(column) COLLATE \"C\")" }

    package func wholeSum(_ whole: SQL) -> WholeSumSQL {
        WholeSumSQL(
            high: "sum((\(whole)) >> 32)::bigint",
            low: "sum((\(whole)) & 4294967295)::bigint"
        )
    }

    package func doubleSum(_ number: SQL) -> SQL { "offstage_double_sum(\(number))" }
}
