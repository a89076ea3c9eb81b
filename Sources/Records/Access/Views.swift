package import OffstageRules
package import OffstageSchema
import OffstageStorage

extension Records {
    /// A collection as somebody may see and change it now. Made once a request, so that its rules are folded once.
    package func view(of collection: Collection, for principal: Principal) -> View {
        View(collection, for: Asker(principal, at: now()), rules, dialect: engine.dialect)
    }
}

extension View {
    /// What a list or a record is read with: its columns, then one for each field that is shown of some records only.
    func reading(_ table: Table) throws(Failure) -> Reading {
        Reading(
            table: table,
            hidden: Set(collection.fields.indices.filter(hidesAlways)),
            sometimes: try sometimesReadable()
        )
    }
}

/// Reads records as somebody may see them: values that are not theirs to see do not even leave here.
struct Reading {
    let table: Table
    /// Fields that are shown of no record.
    let hidden: Set<Int>
    let sometimes: [(position: Int, condition: SQL)]

    var columns: SQL {
        guard !sometimes.isEmpty else { return table.columns }
        let flags = sometimes.map { SQL("CASE WHEN \($0.condition) THEN 1 ELSE 0 END") }
        return "\(table.columns), \(flags, separator: ", ")"
    }

    /// How many there are.
    var columnCount: Int { table.types.count + 4 + sometimes.count }

    func read(_ row: any Row) throws(StorageFailure) -> Record {
        var record = try table.read(row)
        record.hidden = hidden
        for (place, field) in sometimes.enumerated() where row.integer(table.types.count + 4 + place) == 0 {
            record.hidden.insert(field.position)
        }
        for position in record.hidden { record.values[position] = table.collection.fields[position].emptyValue }
        return record
    }

    /// A record that was just written, as its writer may see it.
    func shown(_ record: Record, _ connection: any Connection) throws(StorageFailure) -> Record {
        guard !sometimes.isEmpty else {
            guard !hidden.isEmpty else { return record }
            var shown = record
            shown.hidden = hidden
            return shown
        }
        let name = SQL.Name(table.collection)
        let found = try connection.first(
            "SELECT \(columns) FROM \(name) WHERE \(SQL.Name("id")) = \(.identifier(record.id))"
        ) { row throws(StorageFailure) in try read(row) }
        return found ?? record
    }
}
