import OffstageSchema
import OffstageStorage

/// Keeps the search of a collection in step with its records, in the transaction that writes them.
struct SearchTexts: Sendable {
    /// Of the fields, in the order of the search.
    private let positions: [Int]
    private let insert: [Step]
    private let update: [Step]
    private let delete: [Step]

    private struct Step: Sendable {
        let statement: Statement
        let bindings: @Sendable ([Value], Value) -> [Value]

        init(_ step: SearchUpkeep.Step, _ dialect: any Dialect) {
            statement = dialect.render(step.statement)
            bindings = step.bindings
        }
    }

    /// Nil for a collection without a search, and for a database that keeps it by itself.
    init?(_ collection: Collection, dialect: any Dialect) {
        guard let upkeep = dialect.searchUpkeep(of: collection) else { return nil }
        positions = collection.search.compactMap(collection.position)
        insert = upkeep.insert.map { Step($0, dialect) }
        update = upkeep.update.map { Step($0, dialect) }
        delete = upkeep.delete.map { Step($0, dialect) }
    }

    /// A record that was inserted just now.
    func add(_ record: Record, _ connection: any Connection) throws(StorageFailure) {
        try run(insert, texts(record.values), record.id, connection)
    }

    /// A record that was changed just now. Other fields of it are no matter of the search.
    func change(
        _ record: Record,
        to values: [Value],
        _ connection: any Connection
    ) throws(StorageFailure) {
        let texts = texts(values)
        guard texts != self.texts(record.values) else { return }
        try run(update, texts, record.id, connection)
    }

    /// A record that is about to be deleted.
    func remove(_ id: Identifier, _ connection: any Connection) throws(StorageFailure) {
        try run(delete, [], id, connection)
    }

    private func run(
        _ steps: [Step],
        _ texts: [Value],
        _ id: Identifier,
        _ connection: any Connection
    ) throws(StorageFailure) {
        for step in steps { try connection.run(step.statement.binding(step.bindings(texts, .identifier(id)))) }
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
