import OffstageExpressions
import OffstageSchema
package import OffstageStorage

/// What expressions need, as MariaDB and MySQL write it: their own operators where they fail for no row, ours
/// (`MySQLFunctions`) where they would.
extension MySQLDialect {
    package func isSame(_ left: SQL, _ right: SQL) -> SQL { "((\(left)) <=> (\(right)))" }

    package func isDifferent(_ left: SQL, _ right: SQL) -> SQL { "(NOT ((\(left)) <=> (\(right))))" }

    /// Columns of mail addresses are kept by code points; their keys are not.
    package func exactText(_ column: SQL) -> SQL { column }

    /// The conversion gives NULL, which has no characters, some.
    package func byCodePoints(_ text: SQL) -> SQL { "(CONVERT((\(text)) USING utf8mb4) COLLATE \(collation))" }

    package func text(ofIdentifier id: SQL) -> SQL { byCodePoints(id) }

    package func identifier(_ text: SQL) -> SQL { "(CONVERT((\(text)) USING ascii) COLLATE ascii_bin)" }

    // MARK: Numbers

    package func decimal(_ operation: DecimalOperation, _ left: ScaledSQL, _ right: ScaledSQL) -> SQL {
        let (leftFactor, rightFactor) = Self.factors(left.scale, right.scale)
        return switch operation {
        case .add:
            "offstage_decimal_add(\(left.sql), \(.integer(leftFactor)), \(right.sql), \(.integer(rightFactor)))"
        case .subtract:
            "offstage_decimal_subtract(\(left.sql), \(.integer(leftFactor)), \(right.sql), \(.integer(rightFactor)))"
        case .multiply: "offstage_decimal_multiply(\(left.sql), \(right.sql))"
        }
    }

    package func decimalOrder(_ left: ScaledSQL, _ right: ScaledSQL) -> SQL {
        let (leftFactor, rightFactor) = Self.factors(left.scale, right.scale)
        let (leftDigits, rightDigits): (SQL, SQL) = (Self.digits(left.sql), Self.digits(right.sql))
        return "SIGN(\(leftDigits) * \(.integer(leftFactor)) - \(rightDigits) * \(.integer(rightFactor)))"
    }

    private static func digits(_ whole: SQL) -> SQL { "CAST((\(whole)) AS DECIMAL(20, 0))" }

    /// What brings each of two scaled integers to the larger scale of both.
    private static func factors(_ left: Int, _ right: Int) -> (left: Int64, right: Int64) {
        let scale = max(left, right)
        func power(_ exponent: Int) -> Int64 { (0..<exponent).reduce(1) { product, _ in product * 10 } }
        return (power(scale - left), power(scale - right))
    }

    package func double(_ whole: SQL) -> SQL { "CAST((\(whole)) AS DOUBLE)" }

    package func text(_ whole: SQL) -> SQL { byCodePoints("CAST((\(whole)) AS CHAR)") }

    package func negatedMillionths(_ double: SQL) -> SQL { "CAST(-ROUND((\(double)) * 1000000) AS SIGNED)" }

    // MARK: Texts

    package func characterCount(_ text: SQL) -> SQL { "CHAR_LENGTH(\(text))" }

    package func contains(_ text: SQL, _ part: SQL) -> SQL { "LOCATE(\(part), \(text)) > 0" }

    package func startsWith(_ text: SQL, _ part: SQL) -> SQL { "LOCATE(\(part), \(text)) = 1" }

    /// The beginning of one turned around is the end of the other.
    package func endsWith(_ text: SQL, _ part: SQL) -> SQL { "LOCATE(REVERSE(\(part)), REVERSE(\(text))) = 1" }

    package func cased(_ text: SQL, _ letters: LetterCase) -> SQL {
        switch letters {
        case .lower: "offstage_lower(\(text))"
        case .upper: "offstage_upper(\(text))"
        case .asciiLower: asciiLower(text)
        case .asciiUpper: byCodePoints("CAST(UPPER(CONVERT(CAST((\(text)) AS BINARY) USING tis620)) AS BINARY)")
        }
    }

    /// The bytes are taken for Thai, which has one a letter and no case: see `MySQLLetters`.
    func asciiLower(_ text: SQL) -> SQL {
        byCodePoints("CAST(LOWER(CONVERT(CAST((\(text)) AS BINARY) USING tis620)) AS BINARY)")
    }

    /// A pattern that the servers can't be told fails, as one that takes too long does.
    package func matches(_ text: SQL, pattern: String) -> SQL {
        guard let expression = try? RegularExpression(pattern: pattern),
            let written = expression.written(for: isMariaDB ? .pcre : .icu)
        else { return "((\(text)) IS NULL AND NULL)" }
        return "offstage_matches(\(text), \(.text(written)))"
    }

    // MARK: Times

    private static let epoch: SQL = "TIMESTAMP'1970-01-01 00:00:00'"

    package func milliseconds(of moment: SQL) -> SQL {
        "(TIMESTAMPDIFF(MICROSECOND, \(Self.epoch), \(moment)) DIV 1000)"
    }

    package func moment(fromMilliseconds milliseconds: SQL) -> SQL { "offstage_moment(\(milliseconds))" }

    package func part(_ part: CalendarPart, of moment: SQL) -> SQL {
        switch part {
        case .year: "YEAR(\(moment))"
        case .month: "MONTH(\(moment))"
        case .day: "DAYOFMONTH(\(moment))"
        case .dayOfYear: "DAYOFYEAR(\(moment))"
        case .dayOfWeek: "(DAYOFWEEK(\(moment)) - 1)"
        case .hour: "HOUR(\(moment))"
        case .minute: "MINUTE(\(moment))"
        case .second: "SECOND(\(moment))"
        case .millisecond: "(MICROSECOND(\(moment)) DIV 1000)"
        case .epochSecond:
            "CAST(FLOOR(TIMESTAMPDIFF(MICROSECOND, \(Self.epoch), \(moment)) / 1000000) AS SIGNED)"
        }
    }

    package func day(of moment: SQL) -> SQL { "DATE(\(moment))" }

    package func text(ofDate date: SQL) -> SQL { byCodePoints("DATE_FORMAT(\(date), '%Y-%m-%d')") }

    // MARK: Lists and JSON

    package func elements(of list: SQL, holding element: ColumnType.Element, as alias: SQL.Name) -> SQL {
        switch element {
        case .integer: "JSON_TABLE(\(list), '$[*]' COLUMNS (\"value\" BIGINT PATH '$')) AS \(alias)"
        case .text, .identifier:
            """
            JSON_TABLE(\(list), '$[*]' COLUMNS
            ("value" LONGTEXT CHARACTER SET utf8mb4 COLLATE \(collation) PATH '$')) AS \(alias)
            """
        }
    }

    package var elementColumn: SQL.Name { SQL.Name("value") }

    package func elementCount(of list: SQL) -> SQL { "JSON_LENGTH(\(list))" }

    package func element(of list: SQL, holding element: ColumnType.Element, at index: Int) -> SQL {
        let value: SQL = "JSON_EXTRACT(\(list), \(.text("$[\(index)]")))"
        return element == .integer ? "CAST(\(value) AS SIGNED)" : byCodePoints("JSON_UNQUOTE(\(value))")
    }

    package func jsonKind(_ json: SQL, _ path: [String]) -> SQL { "offstage_json_kind(\(json), \(Self.path(path)))" }

    package func jsonText(_ json: SQL, _ path: [String]) -> SQL { "offstage_json_text(\(json), \(Self.path(path)))" }

    package func jsonWhole(_ json: SQL, _ path: [String]) -> SQL { "offstage_json_whole(\(json), \(Self.path(path)))" }

    package func jsonDouble(_ json: SQL, _ path: [String]) -> SQL {
        "offstage_json_double(\(json), \(Self.path(path)))"
    }

    /// Names of expressions are identifiers, so nothing in them needs an escape.
    private static func path(_ names: [String]) -> SQL { "\(.text("$" + names.map { ".\"\($0)\"" }.joined()))" }

    // MARK: Summaries

    package func firstDay(of period: CalendarPeriod, _ date: SQL) -> SQL {
        switch period {
        case .year: "DATE_SUB(\(date), INTERVAL DAYOFYEAR(\(date)) - 1 DAY)"
        case .month: "DATE_SUB(\(date), INTERVAL DAYOFMONTH(\(date)) - 1 DAY)"
        case .day: date
        }
    }

    /// The column beside it, which has the index; the values of a record that is not stored yet have none.
    package func caselessKey(_ column: SQL) -> SQL {
        guard column.pieces.first != .name("_new"), let key = column.renamed(Self.key) else {
            return asciiLower(column)
        }
        return key
    }

    static func key(of email: String) -> String { email + "~key" }

    /// Shifts give numbers without a sign, which is put back: of the upper half, the sign is the bit of 2^31.
    package func wholeSum(_ whole: SQL) -> WholeSumSQL {
        WholeSumSQL(
            high: "CAST(SUM(CAST(((\(whole)) >> 32) ^ 2147483648 AS SIGNED) - 2147483648) AS SIGNED)",
            low: "CAST(SUM(CAST((\(whole)) & 4294967295 AS SIGNED)) AS SIGNED)"
        )
    }

    /// A sum beyond the doubles would come as a zero.
    package func doubleSum(_ number: SQL) -> SQL {
        """
        CASE WHEN SUM(\(number)) BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308 THEN SUM(\(number)) END
        """
    }
}
