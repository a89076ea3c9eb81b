import OffstageSchema
import OffstageStorage

/// One entry of the journal as it is stored.
struct JournalEntry: Sendable {
    let transaction: String
    let at: Int64
    let actor: String
    let collection: String
    let record: String
    let version: Int64
    let kind: String
    let before: JSON?
    let after: JSON?

    /// `created products 1`: kind, collection and version.
    var summary: String { "\(kind) \(collection) \(version)" }
}

extension Client {
    /// The journal, in the order of its positions.
    func journal() async throws -> [JournalEntry] {
        let statement: SQL = """
            SELECT "transaction", "at", "actor", "collection", "record", "version", "kind", "before", "after"
            FROM "_journal" ORDER BY \(SQL.Name(stored: app.engine.dialect.journal.order))
            """
        return try await app.engine.read(.scan) { connection throws(StorageFailure) in
            try connection.all(statement) { row in
                JournalEntry(
                    transaction: row.text(0),
                    at: row.integer(1),
                    actor: row.text(2),
                    collection: row.text(3),
                    record: row.text(4),
                    version: row.integer(5),
                    kind: row.text(6),
                    before: row.isNull(7) ? nil : try? JSONParser.parse(row.text(7).utf8),
                    after: row.isNull(8) ? nil : try? JSONParser.parse(row.text(8).utf8)
                )
            }
        }
    }

    /// The journal's entries, summed up.
    func journalSummary() async throws -> [String] {
        try await journal().map(\.summary)
    }
}

extension JournalDialect {
    /// What the entries of one client, who waits for each answer, are in order by.
    var order: String {
        switch self {
        case .numberedAtOnce: "position"
        case .numberedLater: "id"
        }
    }
}
