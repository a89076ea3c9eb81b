import CPostgres
import OffstageSchema
package import OffstageStorage
package import OffstageStorageServers

/// PostgreSQL 13 and later, through libpq.
package struct PostgresDriver: ServerDriver {
    package var dialect: any ServerDialect { PostgresDialect() }
    package let place: String
    package let poolSize: Int

    private let address: PostgresAddress
    private let failures: PostgresFailures

    private static let oldestVersion: Int32 = 13_00_00

    /// - Parameter url: `postgres://user:password@host:port/database?…`, with the parameters of libpq and `pool`.
    /// - Throws: `.refused` for a url that can't be read, `.unavailable` where libpq is not installed.
    package init(url: String) throws(StorageFailure) {
        guard offstage_pq_load() == 0 else {
            throw .unavailable(
                "PostgreSQL's client library can't be loaded; install it (libpq5 on Debian and Ubuntu). "
                    + String(cString: offstage_pq_reason())
            )
        }
        address = try PostgresAddress(url)
        place = address.place
        poolSize = address.poolSize
        failures = PostgresFailures(place: place)
    }

    package func know(_ shapes: [TableShape]) { failures.know(shapes) }

    // MARK: Connecting

    package func connect() throws(StorageFailure) -> PostgresConnection {
        guard let handle = address.open() else { throw .unavailable("\(place) can't be reached: no memory") }
        guard offstage_pq_status(handle) == CONNECTION_OK else {
            defer { offstage_pq_finish(handle) }
            throw failures.refusal(handle)
        }
        offstage_pq_silence(handle)
        let connection = PostgresConnection(handle: handle, failures: failures)
        do throws(StorageFailure) {
            try check(handle, connection)
            try connection.execute(
                """
                SET client_encoding = 'UTF8'; SET TIME ZONE 'UTC'; SET DateStyle = 'ISO'; SET statement_timeout = 60000; \
                SET lock_timeout = 10000; SET idle_in_transaction_session_timeout = 0; \
                SET standard_conforming_strings = on; SET client_min_messages = warning
                """
            )
        } catch {
            connection.close()
            throw error
        }
        return connection
    }

    private func check(_ handle: OpaquePointer, _ connection: PostgresConnection) throws(StorageFailure) {
        let version = offstage_pq_serverVersion(handle)
        guard version >= Self.oldestVersion else {
            throw .refused(
                Failure(
                    .conflict,
                    "\(place) runs PostgreSQL \(version / 10_000); Offstage needs version 13 or later. Update the server."
                )
            )
        }
        let encoding = offstage_pq_parameterStatus(handle, "server_encoding").map { String(cString: $0) } ?? ""
        guard encoding == "UTF8" else {
            throw .refused(
                Failure(
                    .conflict,
                    "\(place) keeps texts in \(encoding), which can't hold all of them. "
                        + "Make a database with ENCODING 'UTF8' and name that one."
                )
            )
        }
        let schema = try connection.first(Statement(text: "SELECT current_schema()")) { $0.isNull(0) }
        guard schema == false else {
            throw .refused(
                Failure(
                    .conflict,
                    "\(place) has no schema to make tables in: its search_path names none that is there."
                )
            )
        }
    }

    package func isRunning(_ session: Int64, _ link: PostgresConnection) throws(StorageFailure) -> Bool {
        try link.first("SELECT 1 FROM pg_stat_activity WHERE pid = \(.integer(session))") { _ in true } ?? false
    }

    // MARK: Presence

    /// A number for the tables of one schema among the advisory locks of a database: 64 bits of a hash of its name.
    private static let key: SQL = "hashtextextended('offstage ' || current_schema(), 0)"

    package func announce(_ link: PostgresConnection) throws(StorageFailure) -> Bool {
        try link.first("SELECT pg_try_advisory_lock_shared(\(Self.key))") { $0.integer(0) == 1 } ?? false
    }

    /// The own announcement is no hindrance: a session may have both.
    package func takeOver(_ link: PostgresConnection) throws(StorageFailure) -> Bool {
        try link.first("SELECT pg_try_advisory_lock(\(Self.key))") { $0.integer(0) == 1 } ?? false
    }

    package func stepBack(_ link: PostgresConnection) throws(StorageFailure) {
        _ = try link.first("SELECT pg_advisory_unlock(\(Self.key))") { $0.integer(0) }
    }

    // MARK: What is there

    private static let relation: SQL = """
        (SELECT "oid" FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND relname =
        """

    /// Those of extensions are nobody's: many providers put some into every database.
    package func tables(_ link: PostgresConnection) throws(StorageFailure) -> Set<String> {
        Set(
            try link.all(
                """
                SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace
                AND relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT EXISTS (SELECT 1 FROM pg_depend
                WHERE classid = 'pg_class'::regclass AND objid = pg_class."oid" AND deptype = 'e')
                """
            ) { $0.text(0) }
        )
    }

    package func columns(of table: String, _ link: PostgresConnection) throws(StorageFailure) -> [String: String] {
        let found = try link.all(
            """
            SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute
            WHERE attrelid = \(Self.relation) \(.text(table))) AND attnum > 0 AND NOT attisdropped
            """
        ) { ($0.text(0), $0.text(1)) }
        return Dictionary(found, uniquingKeysWith: { first, _ in first })
    }

    package func indexes(of table: String, _ link: PostgresConnection) throws(StorageFailure) -> Set<String> {
        Set(
            try link.all(
                """
                SELECT relname::text FROM pg_index JOIN pg_class ON "oid" = indexrelid
                WHERE indrelid = \(Self.relation) \(.text(table))) AND NOT indisprimary AND indisvalid
                """
            ) { $0.text(0) }
        )
    }

    package func references(of table: String, _ link: PostgresConnection) throws(StorageFailure) -> Set<String> {
        Set(
            try link.all(
                """
                SELECT conname::text FROM pg_constraint WHERE conrelid = \(Self.relation) \(.text(table))) AND contype = 'f'
                """
            ) { $0.text(0) }
        )
    }

    package func triggers(of table: String, _ link: PostgresConnection) throws(StorageFailure) -> Set<String> {
        Set(
            try link.all(
                """
                SELECT tgname::text FROM pg_trigger WHERE tgrelid = \(Self.relation) \(.text(table))) AND NOT tgisinternal
                """
            ) { $0.text(0) }
        )
    }
}
