import CPostgres
import Glibc
import OffstageSchema
import OffstageStorage
import OffstageStorageServers

/// Where a database on PostgreSQL is, read by libpq itself: so everything that its manual names works, from a socket's folder
/// and `sslmode` to `~/.pgpass` and the variables PGHOST and so on.
struct PostgresAddress: Sendable {
    let place: String
    let poolSize: Int
    private let options: [(name: String, value: String)]

    init(_ url: String) throws(StorageFailure) {
        let (plain, poolSize) = try DatabaseURL.withoutPool(url)
        self.poolSize = poolSize
        var message: UnsafeMutablePointer<CChar>?
        guard let parsed = offstage_pq_conninfoParse(plain, &message) else {
            let reason = message.map { String(cString: $0).split(separator: "\n").joined(separator: " ") } ?? ""
            offstage_pq_freemem(message)
            throw .refused(
                Failure(
                    .malformed,
                    "OFFSTAGE_DATABASE can't be read: \(reason). Write it as postgres://user:password@host:port/database."
                )
            )
        }
        defer { offstage_pq_conninfoFree(parsed) }
        var options: [(name: String, value: String)] = []
        var next = parsed
        while let keyword = next.pointee.keyword {
            if let value = next.pointee.val { options.append((String(cString: keyword), String(cString: value))) }
            next = next.advanced(by: 1)
        }
        func value(_ name: String) -> String? { options.first { $0.name == name }?.value }
        if value("connect_timeout") == nil { options.append(("connect_timeout", "10")) }
        if value("application_name") == nil { options.append(("application_name", "offstage")) }
        // A server that vanished is noticed within half a minute.
        for (name, setting) in [("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3")]
        where value(name) == nil {
            options.append((name, setting))
        }
        self.options = options
        let user = value("user").map { $0 + "@" } ?? ""
        let port = value("port").map { ":" + $0 } ?? ""
        place = "postgres://\(user)\(value("host") ?? "localhost")\(port)/\(value("dbname") ?? value("user") ?? "")"
    }

    func open() -> OpaquePointer? {
        let names = options.map { strdup($0.name) }
        let values = options.map { strdup($0.value) }
        defer { for text in names + values { free(text) } }
        let (keywords, settings) = (names.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil])
        return offstage_pq_connectdbParams(keywords, settings, 0)
    }
}
