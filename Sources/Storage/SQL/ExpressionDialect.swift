import OffstageSchema

/// How one kind of database writes what the expressions of rules and filters need.
///
/// What each of these gives is NULL where an operand is NULL or where the operation fails (overflow, division by zero, a
/// moment beyond the calendar), never an error of the database: a failure means no for one row, not for the statement.
package protocol ExpressionDialect: Sendable {
    /// Equality that holds between two NULLs too, and its opposite; neither is ever NULL.
    func isSame(_ left: SQL, _ right: SQL) -> SQL
    func isDifferent(_ left: SQL, _ right: SQL) -> SQL
    /// The text of a column that is compared without case, as one that is compared by code points.
    func exactText(_ column: SQL) -> SQL
    /// A text that no column's order goes with, as one that is compared by code points.
    func byCodePoints(_ text: SQL) -> SQL
    /// The text of an id, where ids are kept as something else, and the id of such a text.
    func text(ofIdentifier id: SQL) -> SQL
    func identifier(_ text: SQL) -> SQL

    /// A whole number that lies in a range. Written once, since what it is made of may be long.
    func bounded(_ whole: SQL, _ range: ClosedRange<Int64>) -> SQL
    /// Whole numbers of 64 bits.
    func whole(_ operation: WholeOperation, _ left: SQL, _ right: SQL) -> SQL
    /// Doubles. What is beyond their range is infinite where the database has such a thing, and is ordered as if it were
    /// infinite where it has not; what is no number is NULL. A divisor is never zero.
    func double(_ operation: DoubleOperation, _ left: SQL, _ right: SQL) -> SQL
    /// Decimals as scaled integers; the result has the larger scale of the two, of a product the sum, and 18 digits.
    func decimal(_ operation: DecimalOperation, _ left: ScaledSQL, _ right: ScaledSQL) -> SQL
    /// Less than zero, zero or more, as the left is less than, the same as or more than the right.
    func decimalOrder(_ left: ScaledSQL, _ right: ScaledSQL) -> SQL
    func double(_ whole: SQL) -> SQL
    func text(_ whole: SQL) -> SQL

    /// Texts, by code points.
    func characterCount(_ text: SQL) -> SQL
    func contains(_ text: SQL, _ part: SQL) -> SQL
    func startsWith(_ text: SQL, _ part: SQL) -> SQL
    func endsWith(_ text: SQL, _ part: SQL) -> SQL
    func cased(_ text: SQL, _ letters: LetterCase) -> SQL
    /// Whether a pattern in RE2's syntax matches somewhere in the text.
    func matches(_ text: SQL, pattern: String) -> SQL

    /// The milliseconds since 1970 of a moment as moments are kept, and the other way around.
    func milliseconds(of moment: SQL) -> SQL
    func moment(fromMilliseconds milliseconds: SQL) -> SQL
    /// A part of a moment in UTC, as moments are kept.
    func part(_ part: CalendarPart, of moment: SQL) -> SQL
    /// The day of a moment in UTC, as dates are kept.
    func day(of moment: SQL) -> SQL
    /// A date as `2026-11-22`.
    func text(ofDate date: SQL) -> SQL

    /// The elements of a stored list as a table with the column ``elementColumn``. Ids come as texts.
    func elements(of list: SQL, holding element: ColumnType.Element, as alias: SQL.Name) -> SQL
    var elementColumn: SQL.Name { get }
    func elementCount(of list: SQL) -> SQL
    func element(of list: SQL, holding element: ColumnType.Element, at index: Int) -> SQL

    /// What stands at a path of names in stored JSON: one of the words null, true, false, integer, real, text, array and
    /// object; NULL when nothing does.
    func jsonKind(_ json: SQL, _ path: [String]) -> SQL
    /// The text at a path, where one is; the whole number of kind integer; any number as a double. Anything where the kind is
    /// another one.
    func jsonText(_ json: SQL, _ path: [String]) -> SQL
    func jsonWhole(_ json: SQL, _ path: [String]) -> SQL
    func jsonDouble(_ json: SQL, _ path: [String]) -> SQL
}

/// Arithmetic of whole numbers; division is towards zero.
package enum WholeOperation: String, Sendable, CaseIterable {
    case add, subtract, multiply, divide, remainder
}

package enum DoubleOperation: String, Sendable, CaseIterable {
    case add, subtract, multiply, divide
}

package enum DecimalOperation: String, Sendable, CaseIterable {
    case add, subtract, multiply
}

/// An integer column or value and the digits of it that stand after the point.
package struct ScaledSQL: Sendable {
    package let sql: SQL
    package let scale: Int

    package init(_ sql: SQL, scale: Int) {
        self.sql = sql
        self.scale = scale
    }
}

package enum LetterCase: String, Sendable {
    case lower, upper, asciiLower, asciiUpper
}

package enum CalendarPart: String, Sendable, CaseIterable {
    /// Months from 1, days of the month from 1, days of the year from 1, days of the week from 0 for Sunday.
    case year, month, day, dayOfYear, dayOfWeek, hour, minute, second, millisecond
    /// Whole seconds since 1970, towards earlier.
    case epochSecond
}
