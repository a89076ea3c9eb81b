import OffstageSchema
import OffstageStorage

extension Records {
    /// Writes the new values of a stored record, with its links, its texts in the search and its journal entry. Values
    /// that are all the same change nothing: neither the version nor the journal.
    ///
    /// - Parameter evenIfSame: whether they do nevertheless, where their writer must not learn that they were the same.
    func change(
        _ record: Record,
        to values: [Value],
        _ collection: Collection,
        _ transaction: Journal.Transaction,
        evenIfSame: Bool = false,
        _ connection: any Connection
    ) throws(StorageFailure) -> Record {
        guard values != record.values || evenIfSame else { return record }
        let table = try table(collection)
        let changed = Record(
            id: record.id,
            created: record.created,
            updated: transaction.at,
            version: record.version + 1,
            values: values
        )
        var bindings: [Value] = [.datetime(changed.updated), .integer(changed.version)]
        bindings.append(contentsOf: values)
        bindings += [.identifier(record.id), .integer(record.version)]
        let rows: Int
        do throws(StorageFailure) {
            rows = try connection.run(table.update.binding(bindings))
            for links in table.links where values[links.position] != record.values[links.position] {
                try links.write(values[links.position], of: record.id, isNew: false, connection)
            }
        } catch {
            throw try explained(error, changed, collection, connection)
        }
        // The version is a condition of the statement, so that no engine's isolation has to be trusted.
        guard rows == 1 else {
            throw .refused(Failure(.stale, "The record was changed by somebody else just now; nothing was changed."))
        }
        try table.search?.change(record, to: values, connection)
        try Journal.append(.updated, table, before: record, after: changed, in: transaction, connection)
        return changed
    }

    /// A storage failure with the fields named that caused it.
    func explained(
        _ failure: StorageFailure,
        _ record: Record,
        _ collection: Collection,
        _ connection: any Connection
    ) throws(StorageFailure) -> StorageFailure {
        guard case .reference = failure else { return failure }
        var faults: [Fault] = []
        for (position, field) in collection.fields.enumerated() {
            guard case .relation(let kind) = field.kind, let target = catalog.collection(kind.collection) else {
                continue
            }
            let table = try table(target)
            switch record.values[position] {
            case .identifier(let id):
                if id != record.id || target.name != collection.name, try table.record(id, connection) == nil {
                    faults.append(Self.missing(target).under(field.name))
                }
            case .list(let values):
                for (index, value) in values.enumerated() {
                    guard case .identifier(let id) = value, try table.record(id, connection) == nil else { continue }
                    faults.append(Self.missing(target).under(String(index)).under(field.name))
                }
            default: break
            }
        }
        return faults.isEmpty ? failure : .refused(.invalid(faults))
    }

    private static func missing(_ target: Collection) -> Fault {
        Fault("", .relation, "must be the id of a record of \(target.name); there is none with this id")
    }
}
