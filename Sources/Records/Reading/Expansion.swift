package import OffstageRules
package import OffstageSchema
import OffstageStorage

/// Which relations of a list or a record are followed, so that what they point to comes along: `category,course.teacher`.
package struct Expansion: Sendable {
    struct Branch: Sendable {
        let position: Int
        let field: Field
        let view: View
        let permission: Permission
        let reading: Reading
        var branches: [Branch]
    }

    private(set) var branches: [Branch] = []

    /// Relations behind each other, and followed in all.
    package static let levelsAtMost = 2
    package static let pathsAtMost = 20

    /// - Throws: `.malformed` for a name that is no relation, or not one that the caller may follow.
    package init(_ text: String, _ view: View, _ records: Records) throws(Failure) {
        let paths = text.split(separator: ",", omittingEmptySubsequences: false)
        guard paths.count <= Self.pathsAtMost else {
            throw Failure(.malformed, "expand: at most \(Self.pathsAtMost) relations, not \(paths.count).")
        }
        for path in paths {
            let names = path.split(separator: ".", omittingEmptySubsequences: false)
            guard names.count <= Self.levelsAtMost else {
                throw Failure(
                    .malformed,
                    "expand: \"\(path.prefix(80))\" goes through \(names.count) relations; at most \(Self.levelsAtMost) can be followed."
                )
            }
            try Self.add(names[...], to: &branches, view, records)
        }
    }

    private static func add(
        _ names: ArraySlice<Substring>,
        to branches: inout [Branch],
        _ view: View,
        _ records: Records
    ) throws(Failure) {
        guard let name = names.first else { return }
        if let known = branches.firstIndex(where: { $0.field.name == name }) {
            return try add(names.dropFirst(), to: &branches[known].branches, branches[known].view, records)
        }
        guard var branch = try branch(String(name), view, records) else {
            throw Failure(
                .malformed,
                "expand: \"\(name.prefix(80))\" is not a relation of \(view.collection.name) that can be followed."
            )
        }
        try add(names.dropFirst(), to: &branch.branches, branch.view, records)
        branches.append(branch)
    }

    /// Nil where there is no such relation, and just so where it leads to what nobody may see.
    private static func branch(_ name: String, _ view: View, _ records: Records) throws(Failure) -> Branch? {
        guard let position = view.collection.position(of: name), view.showsAlways(position),
            case .relation(let kind) = view.collection.fields[position].kind,
            let target = records.catalog.collection(kind.collection)
        else { return nil }
        let targetView = records.view(of: target, for: view.asker)
        let permission = try targetView.permission(to: .read)
        // A rule that lets this caller at no record leads to nothing; what is nobody's, whoever signs in, is as if it were not there.
        guard !targetView.isClosed(to: .read) else { return nil }
        return Branch(
            position: position,
            field: view.collection.fields[position],
            view: targetView,
            permission: permission,
            reading: try targetView.reading(records.prepared(target)),
            branches: []
        )
    }
}

/// What the relations of some records led to, as far as the caller may see it.
package struct ExpandedRecords: Sendable {
    struct Branch: Sendable {
        let field: Field
        let position: Int
        let json: RecordJSON
        let found: [Identifier: Record]
        /// Of each record that was found, with all that comes along with it.
        let bytes: [Identifier: Int]
        let below: ExpandedRecords
    }

    let branches: [Branch]

    /// What comes along with a record, in bytes of values: a record counts wherever it is written.
    func bytes(of record: Record) -> Int {
        branches.reduce(0) { sum, branch in
            record.values[branch.position].identifiers.reduce(sum) { $0 + (branch.bytes[$1] ?? 0) }
        }
    }

    /// Writes `"expanded":{…}` of one record: for a relation to one record that record or null, for one to many a list.
    func write(of record: Record, to writer: inout JSONWriter) {
        writer.raw("\"expanded\":{")
        for (index, branch) in branches.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.quoted(branch.field.name)
            writer.raw(":")
            branch.write(record.values[branch.position], to: &writer)
        }
        writer.raw("}")
    }
}

extension ExpandedRecords.Branch {
    fileprivate func write(_ value: Value, to writer: inout JSONWriter) {
        guard field.many else {
            guard let id = value.identifiers.first, let record = found[id] else { return writer.raw("null") }
            return json.write(record, to: &writer, with: below)
        }
        let records = value.identifiers.compactMap { found[$0] }
        writer.raw("[")
        for (index, record) in records.enumerated() {
            if index > 0 { writer.raw(",") }
            json.write(record, to: &writer, with: below)
        }
        writer.raw("]")
    }
}

extension Records {
    /// Bytes of the values that come along with one page, about.
    static let expandedBytes = 16 * 1_048_576

    /// Follows the relations of some records: one query for each relation, however many records there are.
    func expanded(
        _ records: [Record],
        _ expansion: Expansion,
        _ connection: any Connection
    ) throws(StorageFailure) -> ExpandedRecords {
        let expanded = try expanded(records, expansion.branches, connection)
        guard records.reduce(0, { $0 + expanded.bytes(of: $1) }) <= Self.expandedBytes else { throw Self.tooMuch }
        return expanded
    }

    private static let tooMuch = StorageFailure.refused(
        Failure(
            .malformed,
            "expand: what comes along is larger than \(expandedBytes / 1_048_576) MiB. Ask for a smaller limit."
        )
    )

    private func expanded(
        _ records: [Record],
        _ branches: [Expansion.Branch],
        _ connection: any Connection
    ) throws(StorageFailure) -> ExpandedRecords {
        var expanded: [ExpandedRecords.Branch] = []
        for branch in branches {
            let found = try targets(of: records, branch, connection)
            let below = try self.expanded(Array(found.values), branch.branches, connection)
            expanded.append(
                ExpandedRecords.Branch(
                    field: branch.field,
                    position: branch.position,
                    json: json(of: branch.view.collection),
                    found: found,
                    bytes: found.mapValues { Self.recordBytes + $0.bytes + below.bytes(of: $0) },
                    below: below
                )
            )
        }
        return ExpandedRecords(branches: expanded)
    }

    private func targets(
        of records: [Record],
        _ branch: Expansion.Branch,
        _ connection: any Connection
    ) throws(StorageFailure) -> [Identifier: Record] {
        let ids = Set(records.flatMap { $0.values[branch.position].identifiers }.map(Value.identifier))
        guard !ids.isEmpty else { return [:] }
        let name = SQL.Name("_ids")
        let dialect = engine.dialect
        let elements = dialect.elements(of: "\(.list(Array(ids)))", holding: .identifier, as: name)
        let id = dialect.identifier("\(name).\(dialect.elementColumn)")
        let wanted: SQL =
            "\(SQL.Name(branch.view.collection)).\(SQL.Name("id")) IN (SELECT \(id) FROM \(elements))"
        guard case .when(let condition) = Permission.when(wanted).and(branch.permission) else { return [:] }
        let statement = engine.dialect.render(
            "SELECT \(branch.reading.columns) FROM \(SQL.Name(branch.view.collection)) WHERE \(condition)"
        )
        var found: [Identifier: Record] = [:]
        var bytes = 0
        try connection.rows(statement) { row throws(StorageFailure) in
            let record = try branch.reading.read(row)
            bytes += record.bytes
            found[record.id] = record
            guard bytes <= Self.expandedBytes else { throw Self.tooMuch }
            return true
        }
        return found
    }

    /// Of a record's own members, about.
    private static let recordBytes = 200
}

extension Record {
    /// Of its values, about.
    fileprivate var bytes: Int { values.reduce(0) { $0 + $1.bytes } }
}
