package import OffstageStorage

/// What summaries need, as SQLite writes it.
extension SQLiteDialect {
    package func firstDay(of period: CalendarPeriod, _ date: SQL) -> SQL {
        switch period {
        case .year: "substr(\(date), 1, 4) || '-01-01'"
        case .month: "substr(\(date), 1, 7) || '-01'"
        case .day: date
        }
    }

    /// The column has the collation itself.
    package func caselessKey(_ column: SQL) -> SQL { column }

    /// Both halves of a value are 32 bits, so even 2^31 of them stay inside 64; the shift keeps the sign.
    package func wholeSum(_ whole: SQL) -> WholeSumSQL {
        WholeSumSQL(high: "sum(\(whole) >> 32)", low: "sum(\(whole) & 4294967295)")
    }

    package func doubleSum(_ number: SQL) -> SQL { "sum(\(number))" }
}
