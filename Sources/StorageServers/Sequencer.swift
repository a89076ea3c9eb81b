import OffstageSchema
package import OffstageStorage

/// Numbers the entries of the journal that are committed, so that its readers see them in one order without gaps.
///
/// Numbers that are taken when an entry is written are not in the order of the commits, and a reader that asks for what
/// comes after the last one misses entries. So an entry gets its position afterwards, in two statements of one
/// transaction: the head is locked first, and only then are entries looked for, or two sequencers would give a number
/// twice. Any process may do it; the lock elects.
extension ServerEngine {
    /// Entries that one transaction numbers.
    private static var atMost: Int { 1_000 }

    /// Numbers what waits.
    /// - Returns: how many entries got a number.
    @discardableResult
    package func numberEntries() async throws(StorageFailure) -> Int {
        try await pool.run(.bounded) { [self] () throws(StorageFailure) in
            var numbered = 0
            while true {
                let count = try writing { link throws(StorageFailure) in try Self.number(link) }
                numbered += count
                if count < Self.atMost { return numbered }
            }
        }
    }

    private static func number(_ link: Driver.Link) throws(StorageFailure) -> Int {
        let (journal, head) = (SQL.Name("_journal"), SQL.Name("_journal_head"))
        let (id, position) = (SQL.Name("id"), SQL.Name("position"))
        // Most looks find nothing, and need no lock to see it.
        let waits = try link.first("SELECT 1 FROM \(journal) WHERE \(position) IS NULL LIMIT 1") { _ in true }
        guard waits ?? false else { return 0 }
        let last = try link.first("SELECT \(position) FROM \(head) WHERE \(id) = 1 FOR UPDATE") { $0.integer(0) }
        guard let last else { throw .damaged("the journal has no head") }
        let count = try link.run(link.numbering(after: last, atMost: atMost))
        try link.run("UPDATE \(head) SET \(position) = \(.integer(last + Int64(count))) WHERE \(id) = 1")
        return count
    }
}
