package import OffstageRecords

/// Who asks: accounts, their sessions and what proves who somebody is.
package struct Accounts: Sendable {
    package let records: Records

    package init(records: Records) {
        self.records = records
    }
}
