package import OffstageRules
package import OffstageSchema
import OffstageStorage

extension Records {
    /// One record by its id, and what the relations of the expansion lead to.
    ///
    /// - Throws: `.notFound` when there is none, and just so when it is not the caller's to see.
    package func read(
        _ id: Identifier,
        _ view: View,
        expanding expansion: Expansion? = nil
    ) async throws(Failure) -> (record: Record, expanded: ExpandedRecords?) {
        let permission = try view.permission(to: .read)
        let reading = try view.reading(try prepared(view.collection))
        let isBounded = expansion == nil && permission.staysInRow && reading.staysInRow
        let found = try await engine.reading(isBounded ? .bounded : .scan) {
            [self]
            connection throws(StorageFailure) -> (record: Record, expanded: ExpandedRecords?)? in
            let statement = statement(id, view, reading, permission)
            let record = try connection.first(statement) { row throws(StorageFailure) in try reading.read(row) }
            guard let record else { return nil }
            guard let expansion else { return (record, nil) }
            return (record, try expanded([record], expansion, connection))
        }
        guard let found else { throw .notFound }
        return found
    }

    /// The statement that reads one record as somebody may see it.
    func statement(_ id: Identifier, _ view: View, _ reading: Reading, _ permission: Permission) -> Statement {
        if permission == .always, reading.sometimes.isEmpty {
            return reading.table.selectByID.binding([.identifier(id)])
        }
        // Asked even where the answer is no already: hidden and absent take the same time.
        let condition = permission.sql
        let render = {
            self.engine.dialect.render(
                """
                SELECT \(reading.columns) FROM \(SQL.Name(view.collection))
                WHERE \(SQL.Name("id")) = \(.identifier(id)) AND \(condition)
                """
            )
        }
        guard reading.sometimes.isEmpty else { return render() }
        return reading.table.reads.statement(
            condition.withoutValues,
            binding: { [.identifier(id)] + condition.bindings },
            render: render
        )
    }

    /// The whole record, when all of the permissions let somebody at it. Nobody else changes it until the transaction ends.
    func record(
        _ id: Identifier,
        _ collection: Collection,
        where permission: Permission,
        _ connection: any Connection
    ) throws(StorageFailure) -> Record? {
        let table = try table(collection)
        if case .when(let condition) = permission { try connection.hold([condition], for: collection) }
        return try connection.first(statement(id, table, where: permission)) { row throws(StorageFailure) in
            try table.read(row)
        }
    }

    /// The statement that reads the whole of a record before it is changed or deleted.
    func statement(_ id: Identifier, _ table: Table, where permission: Permission) -> Statement {
        if permission == .always { return table.selectToChange.binding([.identifier(id)]) }
        return engine.dialect.render(
            """
            SELECT \(table.columns) FROM \(SQL.Name(table.collection))
            WHERE \(SQL.Name("id")) = \(.identifier(id)) AND \(permission.sql)\(engine.dialect.lockingRead)
            """
        )
    }
}
