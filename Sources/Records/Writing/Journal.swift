import OffstageSchema
import OffstageStorage

/// The journal: every committed write is one entry, written in the transaction of the write. History, live updates and
/// everything else that follows a change reads the journal and nothing else.
struct Journal: Sendable {
    enum Kind: String {
        case created, updated, deleted
    }

    /// One transaction's hand on the journal: its entries share an id, a moment and an actor.
    struct Transaction: Sendable {
        let id: Identifier
        let at: Timestamp
        let actor: String
    }

    /// Adds the entry of one write.
    static func append(
        _ kind: Kind,
        _ table: Table,
        before: Record?,
        after: Record?,
        in transaction: Transaction,
        _ connection: any Connection
    ) throws(StorageFailure) {
        guard let record = after ?? before else { return }
        try connection.appendToJournal(
            table.journal.binding([
                .identifier(transaction.id),
                .datetime(transaction.at),
                .text(transaction.actor),
                .text(table.collection.name),
                .identifier(record.id),
                .integer(record.version),
                .text(kind.rawValue),
                image(before, table.whole),
                image(after, table.whole),
            ]),
            of: transaction.id
        )
    }

    private static func image(_ record: Record?, _ json: RecordJSON) -> Value {
        record.map { .text(String(decoding: json.bytes($0), as: UTF8.self)) } ?? .null
    }

    /// The position is the database's: the single writer gives the next number, or the sequencer does later.
    static let insert: SQL = """
        INSERT INTO "_journal" ("transaction", "at", "actor", "collection", "record", "version", "kind", "before", "after")
        VALUES (\(.null), \(.null), \(.null), \(.null), \(.null), \(.null), \(.null), \(.null), \(.null))
        """
}
