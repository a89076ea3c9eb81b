import OffstageSchema
import OffstageStorage
import Synchronization

/// The numbers of records that lists were asked for, each kept until a collection changes that it depends on. The journal
/// says whether one did, so writes of other processes count too.
final class Totals: Sendable {
    private struct Key: Hashable {
        let text: String
        let bindings: [Value]
    }

    private struct Entry {
        var total: Int64
        /// The last entry of the journal that it is known to hold at.
        var position: Int64
    }

    /// Filters come from requests, so what is kept is bounded: how many, and how long the statement of each may be.
    private let kept = Mutex(RecentlyUsed<Key, Entry>(atMost: 1_000))
    private static let bytesAtMost = 4_096

    /// The collection that each table belongs to, those of links among them.
    private let owners: [String: String]

    private let isNumberedAtOnce: Bool
    /// The last entry that has a number.
    private let last: Statement
    /// The collections that changed since. One binding: a position.
    private let since: Statement

    init(_ catalog: Catalog, dialect: any Dialect) {
        isNumberedAtOnce = if case .numberedAtOnce = dialect.journal { true } else { false }
        last = dialect.numbered("SELECT max(\(SQL.Name("position"))) FROM \(SQL.Name("_journal"))")
        since = dialect.numbered(Self.since(dialect.journal))
        var owners: [String: String] = [:]
        for collection in catalog.collections {
            owners[collection.name] = collection.name
            for field in collection.fields { owners[SQL.Name(links: field, of: collection).text] = collection.name }
        }
        self.owners = owners
    }

    /// Changes of other collections that are looked through before counting anew is as good.
    private static let entriesAtMost: Int64 = 1_000

    /// - Parameters:
    ///   - sql: counts, and gives one row with the number.
    ///   - collection: the one whose records are counted.
    func total(_ sql: SQL, of collection: Collection, _ connection: any Connection) throws(StorageFailure) -> Int64 {
        let statement = connection.dialect.render(sql)
        let position = try connection.first(last) { $0.integer(0) } ?? 0
        let key = Key(text: statement.text, bindings: statement.bindings)
        if let entry = kept.withLock({ $0.value(key) }),
            try holds(entry, at: position, collections(of: sql, with: collection), connection)
        {
            keep(Entry(total: entry.total, position: position), for: key)
            return entry.total
        }
        if connection.isHurried { throw .tooSlow }
        let total = try connection.first(statement) { $0.integer(0) } ?? 0
        if key.bindings.reduce(key.text.utf8.count, { $0 + $1.bytes }) <= Self.bytesAtMost {
            keep(Entry(total: total, position: position), for: key)
        }
        return total
    }

    private func holds(
        _ entry: Entry,
        at position: Int64,
        _ collections: Set<String>,
        _ connection: any Connection
    ) throws(StorageFailure) -> Bool {
        // An older position is a database that was put back.
        if isNumberedAtOnce, entry.position == position { return true }
        guard (entry.position...(entry.position + Self.entriesAtMost)).contains(position) else { return false }
        let changed = try connection.all(since.binding([.integer(entry.position)])) { $0.text(0) }
        return collections.isDisjoint(with: changed)
    }

    private func keep(_ entry: Entry, for key: Key) {
        kept.withLock { kept in
            // A reader with an older snapshot must not put back what a newer one found.
            if let other = kept.value(key), other.position > entry.position { return }
            kept.keep(entry, for: key)
        }
    }

    /// Of an entry that waits for its number nobody knows whether a total has it in it, so it counts as a change.
    private static func since(_ journal: JournalDialect) -> SQL {
        let numbered: SQL =
            "SELECT DISTINCT \(SQL.Name("collection")) FROM \(SQL.Name("_journal")) WHERE \(SQL.Name("position")) > \(.null)"
        switch journal {
        case .numberedAtOnce: return numbered
        case .numberedLater:
            return """
                \(numbered) UNION SELECT \(SQL.Name("collection")) FROM \(SQL.Name("_journal"))
                WHERE \(SQL.Name("position")) IS NULL
                """
        }
    }

    /// The names of the collections that a statement looks at.
    private func collections(of sql: SQL, with own: Collection) -> Set<String> {
        var found: Set<String> = [own.name]
        for case .name(let name) in sql.pieces {
            if let owner = owners[name] { found.insert(owner) }
        }
        return found
    }
}
