import CPostgres
import OffstageSchema
import OffstageStorage
import OffstageStorageServers
import Synchronization

/// PostgreSQL's error codes (Appendix A of its manual) as the failures that every engine shares. The codes stay in this
/// file.
final class PostgresFailures: Sendable {
    let place: String
    /// The columns of each unique index, by its name.
    private let unique = Mutex<[String: [String]]>(kept)

    private static let kept: [String: [String]] = {
        var names: [String: [String]] = [:]
        for table in KeptTable.all {
            names[PostgresDialect.primaryKey(of: table)] = table.key
            for index in table.indexes where index.isUnique { names[table.name(of: index)] = index.columns }
        }
        return names
    }()

    init(place: String) { self.place = place }

    func know(_ shapes: [TableShape]) {
        var names: [String: [String]] = [:]
        for table in shapes {
            names[PostgresDialect.primaryKey(of: table.name)] = ["id"]
            for column in table.columns where column.unique {
                names[PostgresDialect.uniqueIndex(of: column, table)] = [column.name]
            }
        }
        unique.withLock { $0.merge(names) { $1 } }
    }

    func failure(_ result: OpaquePointer?, _ connection: OpaquePointer) -> StorageFailure {
        guard offstage_pq_status(connection) == CONNECTION_OK else { return lost(connection) }
        let code = field(result, Int32(OFFSTAGE_PQ_SQLSTATE))
        let message = field(result, Int32(OFFSTAGE_PQ_PRIMARY))
        switch code {
        case "23505":
            let name = field(result, Int32(OFFSTAGE_PQ_CONSTRAINT))
            return .unique(columns: unique.withLock { $0[name] } ?? [])
        case "23503", "23001": return .reference
        case "23502": return .required(column: field(result, Int32(OFFSTAGE_PQ_COLUMN)))
        case "40001", "40P01", "55P03": return .contended(message)
        case "53100": return .full
        // A pattern whose automaton would be too large costs too much, as one that runs too long does.
        case "57014", "2201B": return .tooSlow
        case "XX001", "XX002": return .damaged(message)
        case "53200", "53300", "53400", "57P01", "57P02", "57P03", "25006", "57P04":
            return .unavailable("\(place): \(message)")
        // An I/O error of the server, such as a file that can't be extended or synced.
        case "58030", "58P01", "58P02": return .unavailable("\(place): \(message)")
        default: return .other("PostgreSQL \(code): \(message)")
        }
    }

    private func lost(_ connection: OpaquePointer) -> StorageFailure {
        .unavailable("the connection to \(place) was lost (\(Self.message(of: connection)))")
    }

    /// Why a connection could not be made, in one sentence.
    func refusal(_ connection: OpaquePointer) -> StorageFailure {
        .unavailable("\(place) can't be reached: \(Self.message(of: connection))")
    }

    /// The last line of what libpq says, which is the server's own reason.
    private static func message(of connection: OpaquePointer) -> String {
        guard let text = offstage_pq_errorMessage(connection) else { return "no reason was given" }
        let line = String(cString: text).split(separator: "\n").first.map(String.init) ?? "no reason was given"
        guard let reason = line.range(of: "FATAL:") else { return line }
        return String(line[reason.upperBound...].drop { $0 == " " })
    }

    private func field(_ result: OpaquePointer?, _ code: Int32) -> String {
        offstage_pq_resultErrorField(result, code).map { String(cString: $0) } ?? ""
    }
}

extension String {
    fileprivate func range(of part: String) -> Range<Index>? { firstRange(of: part) }
}
