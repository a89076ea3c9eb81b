/// How one kind of database writes what summaries need beside the SQL that all share.
package protocol SummaryDialect: Sendable {
    /// The first day of the year or month that a kept date lies in, as dates are kept. Without bindings, so that the same
    /// expression is the same text wherever it stands.
    func firstDay(of period: CalendarPeriod, _ date: SQL) -> SQL

    /// What a column that is compared without case is grouped, sorted and looked for by: alike for two values that are the
    /// same, and in the order of the code points of their lower case. An index serves it where one serves the column.
    ///
    /// - Parameter column: the name of a column, with its table's or without.
    func caselessKey(_ column: SQL) -> SQL

    /// The sum of whole numbers of 64 bits, in two halves that cannot overflow: it is `high × 2^32 + low`.
    func wholeSum(_ whole: SQL) -> WholeSumSQL

    /// The sum of doubles: NULL or infinite where it is beyond their range, never an error of the database.
    func doubleSum(_ number: SQL) -> SQL
}

/// A stretch of the calendar that moments and dates are grouped by.
package enum CalendarPeriod: String, Sendable, CaseIterable {
    case year, month, day
}

/// The halves of a sum, both of 64 bits and NULL where nothing was added.
package struct WholeSumSQL: Sendable {
    package let high: SQL
    package let low: SQL

    package init(high: SQL, low: SQL) {
        self.high = high
        self.low = low
    }
}
