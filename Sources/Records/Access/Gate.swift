import OffstageRules
import OffstageSchema
import OffstageStorage

/// What must hold before a record is written as it would be: the rule, the fields that are set, the collection's checks.
/// All of it is asked in one query over the candidate, in the transaction that writes it.
struct Gate {
    /// Whether the rule lets the write happen; `.always` where it was decided before.
    var rule: Permission
    /// Fields that the request sets and that may be set on some records only.
    var fields: [(position: Int, permission: Permission)] = []
    let checks: [(check: Check, holds: Permission)]

    enum Verdict {
        case allowed
        case refused
        case faults([Fault])
    }

    /// Whether nothing is left to ask.
    var isOpen: Bool {
        rule == .always && fields.isEmpty && checks.isEmpty
    }

    /// What must hold: the rule, then the fields, then the checks.
    var conditions: [SQL] {
        [rule.sql] + fields.map(\.permission.sql) + checks.map(\.holds.sql)
    }

    /// - Parameters:
    ///   - candidate: the record as it would be.
    ///   - stored: the id of the record as it is; nil at creation.
    func verdict(
        on candidate: Record,
        replacing stored: Identifier?,
        _ table: Table,
        _ connection: any Connection
    ) throws(StorageFailure) -> Verdict {
        if isOpen { return .allowed }
        if rule == .never { return .refused }
        let conditions = conditions
        try connection.hold(conditions, for: table.collection)
        let query = table.question(conditions, of: candidate, replacing: stored)
        let answers = try connection.first(query) { row in
            conditions.indices.map { row.integer($0) == 1 }
        }
        guard let answers, answers[0] else { return .refused }
        var faults: [Fault] = []
        for (place, field) in fields.enumerated() where !answers[1 + place] {
            faults.append(Draft.readOnly.under(table.collection.fields[field.position].name))
        }
        for (place, entry) in checks.enumerated() where !answers[1 + fields.count + place] {
            let fault = Fault("", .check, entry.check.message)
            faults.append(entry.check.field.map { fault.under($0) } ?? fault)
        }
        return faults.isEmpty ? .allowed : .faults(faults)
    }
}

extension Table {
    /// The one query that asks whether conditions hold of a record as it would be, a column each: 1 where one does.
    ///
    /// - Parameter stored: the id of the record as it is, when the conditions look at that too.
    func question(_ conditions: [SQL], of candidate: Record, replacing stored: Identifier?) -> SQL {
        let flags = conditions.map { SQL("CASE WHEN \($0) THEN 1 ELSE 0 END") }
        var query: SQL =
            "SELECT \(flags, separator: ", ") FROM (SELECT \(self.candidate(candidate))) AS \(SQL.Name.candidate)"
        if let stored {
            let own = SQL.Name(collection)
            query += ", \(own) WHERE \(own).\(SQL.Name("id")) = \(.identifier(stored))"
        }
        return query
    }

    /// The values of a record as columns of their names.
    func candidate(_ record: Record) -> SQL {
        var columns: [SQL] = [
            "\(dialect.typed(.identifier(record.id), as: .identifier)) AS \(SQL.Name("id"))",
            "\(dialect.typed(.datetime(record.created), as: .datetime)) AS \(SQL.Name("created"))",
            "\(dialect.typed(.datetime(record.updated), as: .datetime)) AS \(SQL.Name("updated"))",
            "\(dialect.typed(.integer(record.version), as: .integer)) AS \(SQL.Name("version"))",
        ]
        for (field, value) in zip(collection.fields, record.values) {
            columns.append("\(dialect.typed(value, as: ColumnType(field))) AS \(SQL.Name(field))")
        }
        return "\(columns, separator: ", ")"
    }
}

extension Connection {
    /// Keeps what conditions of a write look at beside the record itself as it is until the write is committed.
    func hold(_ conditions: [SQL], for collection: Collection) throws(StorageFailure) {
        guard !writesAlone else { return }
        let tables = conditions.reduce(into: Set<String>()) { $0.formUnion($1.tablesRead) }
        if !tables.isEmpty { try hold(tables, writingTo: collection.name) }
    }
}

extension View {
    /// The gate of a new record.
    ///
    /// - Parameter isGranted: whether somebody else let the record in already, such as a form.
    func creationGate(_ draft: Draft, isGranted: Bool = false) throws(Failure) -> Gate {
        Gate(
            rule: isGranted ? .always : try permission(to: .create, of: .candidate),
            fields: try conditional(draft, of: .candidate),
            checks: try checks()
        )
    }

    /// The gate of a change to a stored record.
    func changeGate(_ draft: Draft) throws(Failure) -> Gate {
        Gate(rule: try permission(to: .update), fields: try conditional(draft, of: nil), checks: try checks())
    }

    private func conditional(
        _ draft: Draft,
        of alias: SQL.Name?
    ) throws(Failure) -> [(position: Int, permission: Permission)] {
        var fields: [(position: Int, permission: Permission)] = []
        for position in draft.values.keys.sorted() {
            let permission = try permission(toWrite: position, of: alias)
            if permission != .always { fields.append((position, permission)) }
        }
        return fields
    }

    /// That the rule says no to creating, in words for who asked.
    var creationRefusal: Failure {
        switch principal {
        case .visitor: Failure(.unauthenticated, "Records of \(collection.name) can't be created without an account.")
        case .account, .team, .system:
            Failure(.forbidden, "The rules do not let you create this record of \(collection.name).")
        }
    }
}
