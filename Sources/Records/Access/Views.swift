package import OffstageRules
package import OffstageSchema
import OffstageStorage

extension Records {
    /// A collection as somebody may see and change it now. Made once a request, so that its rules are folded once.
    package func view(of collection: Collection, for principal: Principal) -> View {
        view(of: collection, for: Asker(principal, at: now()))
    }

    /// Another collection as the same asker sees it at the same moment.
    func view(of collection: Collection, for asker: Asker) -> View {
        View(collection, for: asker, rules, dialect: engine.dialect)
    }
}

extension View {
    /// What a list or a record is read with: its columns, then one for each field that is shown of some records only.
    func reading(_ table: Table) throws(Failure) -> Reading {
        Reading(
            table: table,
            hidden: hidden,
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

    /// Whether what is shown of a record is decided by its own row.
    var staysInRow: Bool { sometimes.allSatisfy(\.condition.staysInRow) }

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
        return record.hidden.isEmpty ? record : hiding(record.hidden, of: record)
    }

    /// A record that was just written, as its writer may see it.
    func shown(_ record: Record, _ connection: any Connection) throws(StorageFailure) -> Record {
        guard !sometimes.isEmpty else {
            guard !hidden.isEmpty else { return record }
            return hiding(hidden, of: record)
        }
        let name = SQL.Name(table.collection)
        let found = try connection.first(
            "SELECT \(columns) FROM \(name) WHERE \(SQL.Name("id")) = \(.identifier(record.id))"
        ) { row throws(StorageFailure) in try read(row) }
        // Nobody else can have taken it away; if so, nothing is shown that somebody may not see.
        return found ?? hiding(hidden.union(sometimes.map(\.position)), of: record)
    }

    private func hiding(_ positions: Set<Int>, of record: Record) -> Record {
        var shown = record
        shown.hidden = positions
        for position in positions { shown.values[position] = table.collection.fields[position].emptyValue }
        return shown
    }
}
