import CMariaDB
import OffstageSchema
package import OffstageStorage
package import OffstageStorageServers

/// MariaDB 10.6 and MySQL 8.0.17 and later, through MariaDB's client library.
package struct MySQLDriver: ServerDriver {
    package var dialect: any ServerDialect { words }
    package let place: String
    package let poolSize: Int

    private let address: MySQLAddress
    private let failures: MySQLFailures
    private let words: MySQLDialect

    private static let oldestMariaDB: UInt = 10_06_00
    private static let oldestMySQL: UInt = 8_00_17

    /// - Parameter url: `mysql://user:password@host:port/database?…`.
    /// - Throws: `.refused` for a url that can't be read, `.unavailable` where the library is not installed or the server can't
    ///   be reached, which must say whether it is MariaDB or MySQL.
    package init(url: String) throws(StorageFailure) {
        guard offstage_mariadb_load() == 0 else {
            throw .unavailable(
                "MariaDB's client library can't be loaded; install it (libmariadb3 on Debian and Ubuntu). "
                    + String(cString: offstage_mariadb_reason())
            )
        }
        let address = try MySQLAddress(url)
        let failures = MySQLFailures(place: address.place)
        let link = try Self.connect(address, failures)
        words = link.words
        link.close()
        self.address = address
        self.failures = failures
        place = address.place
        poolSize = address.poolSize
    }

    package func know(_ shapes: [TableShape]) { failures.know(shapes, words) }

    // MARK: Connecting

    package func connect() throws(StorageFailure) -> MySQLConnection { try Self.connect(address, failures) }

    private static func connect(
        _ address: MySQLAddress,
        _ failures: MySQLFailures
    ) throws(StorageFailure) -> MySQLConnection {
        let handle = try address.open(failures)
        let connection = MySQLConnection(handle: handle, failures: failures)
        do throws(StorageFailure) {
            try check(handle, connection, address)
            try connection.execute(session(connection.words))
        } catch {
            connection.close()
            throw error
        }
        return connection
    }

    private static func check(
        _ handle: UnsafeMutablePointer<MYSQL>,
        _ connection: MySQLConnection,
        _ address: MySQLAddress
    ) throws(StorageFailure) {
        let isMariaDB = connection.words.isMariaDB
        guard UInt(offstage_mysql_get_server_version(handle)) < (isMariaDB ? oldestMariaDB : oldestMySQL) else {
            return
        }
        let version = offstage_mysql_get_server_info(handle).map { String(cString: $0) } ?? "an old version"
        throw .refused(
            Failure(
                .conflict,
                "\(address.place) runs \(version); Offstage needs MariaDB 10.6 or MySQL 8.0.17, or later. Update the server."
            )
        )
    }

    /// What a session is to be like. Texts are sorted by their first 16 KiB; the memory for it is that of fifteen of them and
    /// more, which the servers insist on.
    private static func session(_ words: MySQLDialect) -> String {
        """
        SET NAMES utf8mb4 COLLATE \(words.collationName); \
        SET SESSION sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES,\
        ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,ONLY_FULL_GROUP_BY', time_zone = '+00:00', \
        lc_messages = 'en_US', innodb_lock_wait_timeout = 10, wait_timeout = 2147483, max_sort_length = 16384, \
        sort_buffer_size = 2097152; \
        SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED
        """
    }

    package func isRunning(_ session: Int64, _ link: MySQLConnection) throws(StorageFailure) -> Bool {
        try link.first("SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = \(.integer(session))") { _ in true }
            ?? false
    }

    // MARK: Presence

    /// Locks of the server that a session has by name, one for each process that may use a database at once. Whoever has all of
    /// them is alone.
    private static let places = 0..<Int64(32)

    private static func lock(_ place: Int64) -> SQL { "CONCAT('offstage.', MD5(DATABASE()), '.', \(.integer(place)))" }

    private static func take(_ place: Int64, _ link: MySQLConnection) throws(StorageFailure) -> Bool {
        try link.first("SELECT GET_LOCK(\(lock(place)), 0)") { $0.integer(0) == 1 } ?? false
    }

    private static func give(_ place: Int64, _ link: MySQLConnection) throws(StorageFailure) {
        _ = try link.first("SELECT RELEASE_LOCK(\(lock(place)))") { $0.integer(0) }
    }

    package func announce(_ link: MySQLConnection) throws(StorageFailure) -> Bool {
        for place in Self.places where try Self.take(place, link) { return true }
        return false
    }

    /// The own place is no hindrance: a session may have a lock twice.
    package func takeOver(_ link: MySQLConnection) throws(StorageFailure) -> Bool {
        for place in Self.places {
            if try Self.take(place, link) { continue }
            for taken in Self.places.lowerBound..<place { try Self.give(taken, link) }
            return false
        }
        return true
    }

    package func stepBack(_ link: MySQLConnection) throws(StorageFailure) {
        for place in Self.places { try Self.give(place, link) }
    }

    // MARK: What is there

    private func names(_ query: SQL, _ link: MySQLConnection) throws(StorageFailure) -> Set<String> {
        Set(try link.all(query) { $0.text(0) })
    }

    package func tables(_ link: MySQLConnection) throws(StorageFailure) -> Set<String> {
        try names("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()", link)
    }

    package func columns(of table: String, _ link: MySQLConnection) throws(StorageFailure) -> [String: String] {
        let found = try link.all(
            """
            SELECT COLUMN_NAME, COLUMN_TYPE, COLLATION_NAME FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = \(.text(table))
            """
        ) { row in
            // MariaDB and older versions of MySQL say how wide they would print it.
            let type = row.text(1).hasPrefix("bigint(") ? "bigint" : row.text(1)
            return (row.text(0), row.isNull(2) ? type : "\(type) \(row.text(2))")
        }
        return Dictionary(found, uniquingKeysWith: { first, _ in first })
    }

    package func indexes(of table: String, _ link: MySQLConnection) throws(StorageFailure) -> Set<String> {
        try names(
            """
            SELECT DISTINCT INDEX_NAME FROM information_schema.STATISTICS
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = \(.text(table)) AND INDEX_NAME <> 'PRIMARY'
            """,
            link
        )
    }

    package func references(of table: String, _ link: MySQLConnection) throws(StorageFailure) -> Set<String> {
        try names(
            """
            SELECT CONSTRAINT_NAME FROM information_schema.TABLE_CONSTRAINTS
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = \(.text(table)) AND CONSTRAINT_TYPE = 'FOREIGN KEY'
            """,
            link
        )
    }

    package func triggers(of table: String, _ link: MySQLConnection) throws(StorageFailure) -> Set<String> {
        try names(
            """
            SELECT TRIGGER_NAME FROM information_schema.TRIGGERS
            WHERE EVENT_OBJECT_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = \(.text(table))
            """,
            link
        )
    }
}
