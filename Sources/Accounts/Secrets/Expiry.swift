import OffstageSchema
import OffstageStorage

extension Connection {
    /// Deletes a few rows whose time is over, so that no request pays for many.
    func prune(_ table: SQL.Name, key: SQL.Name, at now: Timestamp) throws(StorageFailure) {
        try run(
            """
            DELETE FROM \(table) WHERE \(key) IN (SELECT \(key) FROM
            (SELECT \(key) FROM \(table) WHERE \(SQL.Name("expires")) <= \(.datetime(now)) LIMIT 20) AS \(SQL.Name("_old")))
            """
        )
    }
}

extension Timestamp {
    func adding(_ duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let added = seconds.multipliedReportingOverflow(by: 1000).partialValue
            .addingReportingOverflow(attoseconds / 1_000_000_000_000_000).partialValue
        let (sum, overflow) = milliseconds.addingReportingOverflow(added)
        return overflow ? .latest : min(Timestamp(milliseconds: sum), .latest)
    }
}
