import OffstageRules
package import OffstageSchema
import OffstageStorage

extension Records {
    /// Deletes a record, and does to those that point to it what their relations say: nothing is deleted or cleared
    /// without its own journal entry.
    ///
    /// - Throws: `.notFound`, `.stale`, `.conflict` when a `restrict` relation still points to it.
    package func delete(
        _ id: Identifier,
        in collection: Collection,
        if precondition: Precondition = .none,
        _ request: WriteRequest
    ) async throws(Failure) -> Answer {
        let view = view(of: collection, for: request.principal)
        return try await commit(try Removal(id, view, if: precondition), request)
    }
}

/// A record to be deleted.
struct Removal: PreparedWrite {
    private let id: Identifier
    private let view: View
    private let permission: Permission
    private let precondition: Precondition

    init(_ id: Identifier, _ view: View, if precondition: Precondition) throws(Failure) {
        permission = try view.permission(to: .read).and(view.permission(to: .delete))
        guard permission != .never else { throw .notFound }
        self.id = id
        self.view = view
        self.precondition = precondition
    }

    func perform(
        _ records: Records,
        in transaction: Journal.Transaction,
        _ connection: any Connection
    ) throws(StorageFailure) -> Written {
        guard let record = try records.record(id, view.collection, where: permission, connection) else {
            throw .refused(.notFound)
        }
        try precondition.check(record)
        var deletion = Deletion(records: records, connection: connection)
        try deletion.collect(record, of: view.collection)
        try deletion.perform(for: view.principal, in: transaction)
        return .deleted
    }
}

/// Everything that goes with one record: found first, then refused or done as a whole.
private struct Deletion {
    /// Clients choose ids, so records of several collections may have the same one.
    private struct Key: Hashable {
        let collection: String
        let id: Identifier
    }

    private struct Doomed {
        let collection: Collection
        let record: Record

        var key: Key { Key(collection: collection.name, id: record.id) }
    }

    private struct Reference {
        let collection: Collection
        let position: Int
        let record: Record
        let target: Key
        let onDelete: RelationKind.OnDelete

        var key: Key { Key(collection: collection.name, id: record.id) }
    }

    private let records: Records
    private let connection: any Connection
    private var doomed: [Doomed] = []
    private var doomedKeys = Set<Key>()
    private var references: [Reference] = []

    /// Records that one request may delete or change on the way.
    private static let atMost = 10_000

    init(records: Records, connection: any Connection) {
        self.records = records
        self.connection = connection
    }

    /// Finds the record and, step by step, those that `cascade` takes along, and every reference to one of them.
    mutating func collect(_ record: Record, of collection: Collection) throws(StorageFailure) {
        add(record, of: collection)
        var next = 0
        while next < doomed.count {
            let current = doomed[next]
            next += 1
            for (from, field) in records.catalog.relations(to: current.collection.name) {
                guard case .relation(let kind) = field.kind, let position = from.position(of: field.name) else {
                    continue
                }
                for pointing in try pointing(from, field, to: current.record.id) {
                    references.append(
                        Reference(
                            collection: from,
                            position: position,
                            record: pointing,
                            target: current.key,
                            onDelete: kind.onDelete
                        )
                    )
                    if kind.onDelete == .cascade { add(pointing, of: from) }
                    guard doomed.count + references.count <= Self.atMost else {
                        throw .refused(
                            Failure(.conflict, "More than \(Self.atMost) records hang on this one; delete them first.")
                        )
                    }
                }
            }
        }
    }

    private mutating func add(_ record: Record, of collection: Collection) {
        let found = Doomed(collection: collection, record: record)
        if doomedKeys.insert(found.key).inserted { doomed.append(found) }
    }

    private func pointing(
        _ from: Collection,
        _ field: Field,
        to id: Identifier
    ) throws(StorageFailure) -> [Record] {
        let table = try records.table(from)
        let condition: SQL =
            field.many
            ? "\(SQL.Name("id")) IN (SELECT \(SQL.Name("record")) FROM \(SQL.Name(links: field, of: from)) WHERE \(SQL.Name("target")) = \(.identifier(id)))"
            : "\(SQL.Name(field)) = \(.identifier(id))"
        let limit = Value.integer(Int64(Self.atMost + 1))
        return try connection.all(
            "SELECT \(table.columns) FROM \(SQL.Name(from)) WHERE \(condition) LIMIT \(limit)\(table.dialect.lockingRead)"
        ) { row throws(StorageFailure) in try table.read(row) }
    }

    func perform(for principal: Principal, in transaction: Journal.Transaction) throws(StorageFailure) {
        try refuseRestricted(for: principal)
        try clear(in: transaction)
        try untangle()
        for doomed in inwards() {
            let table = try records.table(doomed.collection)
            try table.search?.remove(doomed.record.id, connection)
            try connection.run(table.delete.binding([.identifier(doomed.record.id)]))
            try Journal.append(
                .deleted,
                table,
                before: doomed.record,
                after: nil,
                in: transaction,
                connection
            )
        }
    }

    /// What points goes before what it points to: found outwards, so taken inwards, and what a required field still
    /// points to waits for the record that holds the field.
    private func inwards() -> [Doomed] {
        var waitsFor: [Key: Int] = [:]
        var pointsTo: [Key: [Key]] = [:]
        for reference in references where doomedKeys.contains(reference.key) && reference.key != reference.target {
            let field = reference.collection.fields[reference.position]
            guard field.required, !field.many else { continue }
            waitsFor[reference.target, default: 0] += 1
            pointsTo[reference.key, default: []].append(reference.target)
        }
        let byKey = Dictionary(uniqueKeysWithValues: doomed.map { ($0.key, $0) })
        var ordered: [Doomed] = []
        var taken = Set<Key>()
        var ready = doomed.filter { waitsFor[$0.key] == nil }.map(\.key)
        while let key = ready.popLast() {
            if let record = byKey[key], taken.insert(key).inserted { ordered.append(record) }
            for target in pointsTo[key] ?? [] {
                waitsFor[target, default: 0] -= 1
                if waitsFor[target] == 0 { ready.append(target) }
            }
        }
        // A circle of required fields has no such order; the database decides about it.
        return ordered + doomed.reversed().filter { !taken.contains($0.key) }
    }

    private func refuseRestricted(for principal: Principal) throws(StorageFailure) {
        let blocking = references.filter { $0.onDelete == .restrict && !doomedKeys.contains($0.key) }
        guard !blocking.isEmpty else { return }
        // What may not be read is not named, and not counted either.
        guard try areReadable(blocking, by: principal), let first = blocking.first else {
            throw .refused(
                Failure(.conflict, "It is still in use.", faults: [Fault("", .restricted, "is still in use")])
            )
        }
        let count = Set(blocking.map(\.key)).count
        let field = first.collection.fields[first.position].name
        throw .refused(
            Failure(
                .conflict,
                "\(count == 1 ? "1 record still points" : "\(count) records still point") to this one, "
                    + "such as \(first.collection.name)/\(first.record.id) by its field \(field). Change or delete it first.",
                faults: [Fault("", .restricted, "is still in use by \(first.collection.name).\(field)")]
            )
        )
    }

    /// Whether somebody may see that each of the records points somewhere.
    private func areReadable(_ references: [Reference], by principal: Principal) throws(StorageFailure) -> Bool {
        for (name, references) in Dictionary(grouping: references, by: \.collection.name) {
            guard let collection = records.catalog.collection(name) else { return false }
            let view = records.view(of: collection, for: principal)
            let permission = try refusing { () throws(Failure) in try view.permission(to: .read) }
            guard permission != .never, references.allSatisfy({ view.showsAlways($0.position) }) else { return false }
            if permission == .always { continue }
            for reference in references {
                let found = try records.record(reference.record.id, collection, where: permission, connection)
                if found == nil { return false }
            }
        }
        return true
    }

    /// Empties the fields that say `clear`, once for each record however many of its fields point.
    private func clear(in transaction: Journal.Transaction) throws(StorageFailure) {
        var changed: [Key: (collection: Collection, record: Record, values: [Value])] = [:]
        var order: [Key] = []
        for reference in references where reference.onDelete == .clear && !doomedKeys.contains(reference.key) {
            let key = reference.key
            var entry = changed[key] ?? (reference.collection, reference.record, reference.record.values)
            if changed[key] == nil { order.append(key) }
            entry.values[reference.position] = Self.cleared(entry.values[reference.position], of: reference.target.id)
            changed[key] = entry
        }
        for key in order {
            guard let entry = changed[key] else { continue }
            _ = try records.change(entry.record, to: entry.values, entry.collection, transaction, connection)
        }
    }

    private static func cleared(_ value: Value, of target: Identifier) -> Value {
        guard case .list(let elements) = value else { return .null }
        return .list(elements.filter { $0 != .identifier(target) })
    }

    /// Records that are deleted together may point to each other in a circle, which no order of deletion resolves:
    /// their relations among each other are loosened first.
    private func untangle() throws(StorageFailure) {
        for reference in references where doomedKeys.contains(reference.key) {
            let field = reference.collection.fields[reference.position]
            guard !field.many, !field.required else { continue }
            try connection.run(
                "UPDATE \(SQL.Name(reference.collection)) SET \(SQL.Name(field)) = NULL WHERE \(SQL.Name("id")) = \(.identifier(reference.record.id))"
            )
        }
        for doomed in doomed {
            for links in try records.table(doomed.collection).links {
                try links.write(.list([]), of: doomed.record.id, isNew: false, connection)
            }
        }
    }
}
