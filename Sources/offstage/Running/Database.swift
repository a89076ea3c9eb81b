import OffstageSchema
import OffstageStorage
import OffstageStorageMySQL
import OffstageStoragePostgres
import OffstageStorageSQLite
import OffstageStorageServers

/// Which database an app keeps its records in: `sqlite:data/offstage.db`, `postgres://…` or `mysql://…`.
enum Database: Hashable {
    /// A file, by its path.
    case sqlite(String)
    case postgres(String)
    case mysql(String)

    /// - Parameters:
    ///   - url: as OFFSTAGE_DATABASE or --database says it.
    ///   - folder: the app's, from which a file is meant unless its path is absolute.
    init(_ url: String, in folder: String) throws(Complaint) {
        let scheme = url.prefix { $0 != ":" }
        guard scheme.count < url.count else {
            throw Complaint(
                "OFFSTAGE_DATABASE: \"\(url.prefix(40))\" is no address. \(Self.known)",
                code: Complaint.faulty
            )
        }
        switch scheme {
        case "sqlite":
            let file = url.dropFirst("sqlite:".count)
            guard !file.isEmpty else {
                throw Complaint("OFFSTAGE_DATABASE: sqlite: must be followed by a file.", code: Complaint.faulty)
            }
            self = .sqlite(file.hasPrefix("/") ? String(file) : folder + "/" + file)
        case "postgres", "postgresql": self = .postgres(url)
        case "mysql", "mariadb": self = .mysql(url)
        default:
            throw Complaint(
                "OFFSTAGE_DATABASE: a \(scheme.prefix(40)) database is not supported. \(Self.known)",
                code: Complaint.faulty
            )
        }
    }

    private static let known =
        "Give sqlite:<file>, postgres://<user>:<password>@<host>/<database> or mysql://<user>:<password>@<host>/<database>."

    /// What to call it in a message; never with its password.
    var place: String {
        switch self {
        case .sqlite(let path): path
        case .postgres(let url), .mysql(let url): Self.withoutPassword(url)
        }
    }

    /// How it is set, with the password left for a person to put in.
    var example: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .postgres(let url), .mysql(let url): Self.withoutPassword(url)
        }
    }

    private static func withoutPassword(_ url: String) -> String {
        let plain = url.prefix { $0 != "?" }
        guard let at = plain.lastIndex(of: "@"), let slashes = plain.firstIndex(of: "/") else { return String(plain) }
        let name = plain[plain.index(slashes, offsetBy: 2, limitedBy: at).map { $0..<at } ?? slashes..<slashes]
        let user = name.prefix { $0 != ":" }
        return "\(plain.prefix { $0 != "/" })//\(user)\(plain[at...])"
    }

    /// Opens the database.
    ///
    /// - Parameter ownerWithin: how long to wait for the lock of a file that somebody serves; nil for a command that reads.
    func open(ownerWithin: Duration?) throws(StorageFailure) -> any Engine {
        switch self {
        case .sqlite(let path): try SQLiteEngine(path: path, ownerWithin: ownerWithin)
        case .postgres(let url): try PostgresEngine(PostgresDriver(url: url))
        case .mysql(let url): try MySQLEngine(MySQLDriver(url: url))
        }
    }
}
