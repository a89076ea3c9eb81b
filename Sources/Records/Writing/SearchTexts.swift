import OffstageSchema
import OffstageStorage

/// Keeps the search of a collection in step with its records, in the transaction that writes them.
struct SearchTexts: Sendable {
    /// Of the fields, in the order of the search.
    private let positions: [Int]
    private let insert: Statement
    private let update: Statement
    private let delete: Statement

    /// Nil for a collection without a search, and for a database that keeps it by itself.
    init?(_ collection: Collection, dialect: any Dialect) {
        guard let upkeep = dialect.searchUpkeep(of: collection) else { return nil }
        positions = collection.search.compactMap(collection.position)
        insert = dialect.render(upkeep.insert)
        update = dialect.render(upkeep.update)
        delete = dialect.render(upkeep.delete)
    }

    /// A record that was inserted just now.
    func add(_ record: Record, _ connection: any Connection) throws(StorageFailure) {
        try connection.run(insert.binding(texts(record.values) + [.identifier(record.id)]))
    }

    /// A record that was changed just now. Other fields of it are no matter of the search.
    func change(
        _ record: Record,
        to values: [Value],
        _ connection: any Connection
    ) throws(StorageFailure) {
        let texts = texts(values)
        guard texts != self.texts(record.values) else { return }
        try connection.run(update.binding(texts + [.identifier(record.id)]))
    }

    /// A record that is about to be deleted.
    func remove(_ id: Identifier, _ connection: any Connection) throws(StorageFailure) {
        try connection.run(delete.binding([.identifier(id)]))
    }

    /// A list is its elements, one a line.
    private func texts(_ values: [Value]) -> [Value] {
        positions.map { position in
            guard case .list(let elements) = values[position] else { return values[position] }
            let lines = elements.compactMap { element in
                if case .text(let text) = element { text } else { nil }
            }
            return .text(lines.joined(separator: "\n"))
        }
    }
}
