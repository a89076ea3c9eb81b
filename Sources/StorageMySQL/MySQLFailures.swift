import CMariaDB
import OffstageSchema
import OffstageStorage
import OffstageStorageServers
import Synchronization

/// The error numbers of MariaDB and MySQL (mariadb.com/kb/en/mariadb-error-codes) as the failures that every engine shares. The
/// numbers stay in this file.
final class MySQLFailures: Sendable {
    let place: String
    /// The columns of each unique index, by its name as errors say it.
    private let unique = Mutex<[String: [String]]>(kept)

    private static let kept: [String: [String]] = {
        var names: [String: [String]] = [:]
        for table in KeptTable.all {
            names["\(table.name).PRIMARY"] = table.key
            for index in table.indexes where index.isUnique {
                let name = table.name(of: index)
                names[name] = index.columns
                // MySQL says the table before it.
                names["\(table.name).\(name)"] = index.columns
            }
        }
        return names
    }()

    init(place: String) { self.place = place }

    func know(_ shapes: [TableShape], _ dialect: MySQLDialect) {
        var names: [String: [String]] = [:]
        for table in shapes {
            let stored = dialect.stored(table.name)
            names["\(stored).PRIMARY"] = ["id"]
            for column in table.columns where column.unique {
                let name = dialect.uniqueIndex(of: column, table)
                // MySQL says the table before it.
                names[name] = [column.name]
                names["\(stored).\(name)"] = [column.name]
            }
        }
        unique.withLock { $0.merge(names) { $1 } }
    }

    func failure(_ code: UInt32, _ text: UnsafePointer<CChar>?) -> StorageFailure {
        let message = text.map { String(cString: $0) } ?? "no reason was given"
        switch code {
        case 1062, 1586: return .unique(columns: columns(message))
        case 1451, 1452, 1216, 1217: return .reference
        case 1048, 1364: return .required(column: Self.quoted(message).first ?? "")
        case 1213, 1205, 1020, 3572, 1637: return .contended(message)
        case 1021, 1114: return .full
        case 3, 1026, 1030: return Self.isFull(message) ? .full : .unavailable("\(place): \(message)")
        case 1317, 1969, 3024, 1028: return .tooSlow
        case 1034, 1035, 1194, 1195, 1712: return .damaged(message)
        case 1040, 1203, 1226, 1053, 1129, 1290, 1836, 1927, 4031: return .unavailable("\(place): \(message)")
        case 2000...2999 where Self.isLost(code):
            return .unavailable("the connection to \(place) was lost (\(message))")
        case 2002, 2003, 2005, 2026, 2059: return .unavailable("\(place) can't be reached: \(message)")
        case 1418, 1419: return .refused(Failure(.conflict, functionsAreRefused))
        case 1044, 1142, 1227, 1370:
            return .refused(Failure(.conflict, "\(place) does not let its user do this: \(message)."))
        default: return .other("MariaDB \(code): \(message)")
        }
    }

    /// Whether nothing more can be asked over a connection that failed so.
    static func isLost(_ code: UInt32) -> Bool {
        switch code {
        case 1053, 1927, 4031, 2006, 2013, 2014, 2027, 2055: true
        default: false
        }
    }

    /// Whether a prepared statement was overtaken by a change of what it is about, and is to be prepared again.
    static func isOutdated(_ code: UInt32) -> Bool { code == 1243 || code == 1615 || code == 2057 }

    /// Why a connection could not be made.
    func refusal(_ handle: UnsafeMutablePointer<MYSQL>) -> StorageFailure {
        let message = offstage_mysql_error(handle).map { String(cString: $0) } ?? "no reason was given"
        return .unavailable("\(place) can't be reached: \(message)")
    }

    private var functionsAreRefused: String {
        "\(place) writes a binary log and does not let its user make functions, which Offstage needs. "
            + "Set log_bin_trust_function_creators = 1 on the server."
    }

    /// Linux's number for a disk without room, or for a quota that is used up.
    private static func isFull(_ message: String) -> Bool {
        ["errno: 28", "Errcode: 28", "error 28", "error: 28", "errno: 122", "Errcode: 122"].contains {
            message.contains($0)
        }
    }

    /// `Duplicate entry 'x' for key 'y'`: the value may hold anything, the index comes last.
    private func columns(_ message: String) -> [String] {
        let parts = message.split(separator: " for key '", omittingEmptySubsequences: false)
        guard parts.count > 1, let last = parts.last else { return [] }
        let name = last.hasSuffix("'") ? String(last.dropLast()) : String(last)
        // MariaDB does not say of which table the primary key is.
        return name == "PRIMARY" ? ["id"] : unique.withLock { $0[name] } ?? []
    }

    private static func quoted(_ message: String) -> [String] {
        let parts = message.split(separator: "'", omittingEmptySubsequences: false)
        return parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) }
    }
}
