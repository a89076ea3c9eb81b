package import OffstageSchema
import OffstageStorage

/// A passkey that an account has.
package struct Passkey: Sendable {
    package let id: Identifier
    package let user: Identifier
    /// What its owner calls it.
    package let name: String
    package let created: Timestamp
    package let used: Timestamp?
    /// Whether it is on more than one device.
    package let isBackedUp: Bool
    let credential: [UInt8]
    let publicKey: [UInt8]
    let counter: UInt32
    let transports: [String]
    let isBackupEligible: Bool

    private static let table = SQL.Name("_passkeys")
    private static let columns: SQL = """
        \(SQL.Name("id")), \(SQL.Name("user")), \(SQL.Name("credential")), \(SQL.Name("public_key")), \
        \(SQL.Name("counter")), \(SQL.Name("name")), \(SQL.Name("transports")), \(SQL.Name("backed_up")), \
        \(SQL.Name("backup_eligible")), \(SQL.Name("created")), \(SQL.Name("used"))
        """

    private init(_ row: any Row) throws(StorageFailure) {
        guard case .identifier(let id) = try row.value(0, as: .identifier),
            case .identifier(let user) = try row.value(1, as: .identifier),
            let credential = Base64URL.decode(row.text(2)), let publicKey = Base64URL.decode(row.text(3))
        else { throw .damaged("a passkey is not what it should be") }
        self.id = id
        self.user = user
        self.credential = credential
        self.publicKey = publicKey
        counter = UInt32(clamping: row.integer(4))
        name = row.text(5)
        transports = row.text(6).split(separator: " ").map(String.init)
        isBackedUp = row.integer(7) == 1
        isBackupEligible = row.integer(8) == 1
        created = Timestamp(milliseconds: row.integer(9))
        used = row.isNull(10) ? nil : Timestamp(milliseconds: row.integer(10))
    }

    static func all(of user: Identifier, _ connection: any Connection) throws(StorageFailure) -> [Passkey] {
        try connection.all(
            """
            SELECT \(columns) FROM \(table) WHERE \(SQL.Name("user")) = \(.identifier(user))
            ORDER BY \(SQL.Name("created")), \(SQL.Name("id"))
            """
        ) { row throws(StorageFailure) in try Passkey(row) }
    }

    static func find(credential: [UInt8], _ connection: any Connection) throws(StorageFailure) -> Passkey? {
        try connection.first(
            "SELECT \(columns) FROM \(table) WHERE \(SQL.Name("credential_hash")) = \(.text(hash(credential)))"
        ) { row throws(StorageFailure) in try Passkey(row) }
    }

    /// The id of a credential may be too long for an index.
    private static func hash(_ credential: [UInt8]) -> String { Token(Base64URL.encode(credential)).hash }

    static func insert(
        _ new: NewPasskey,
        id: Identifier,
        user: Identifier,
        name: String,
        at now: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) {
        try connection.run(
            """
            INSERT INTO \(table) (\(columns), \(SQL.Name("credential_hash")))
            VALUES (\(.identifier(id)), \(.identifier(user)), \(.text(Base64URL.encode(new.id))),
            \(.text(Base64URL.encode(new.publicKey))), \(.integer(Int64(new.counter))), \(.text(name)),
            \(.text(new.transports.joined(separator: " "))), \(.boolean(new.isBackedUp)), \(.boolean(new.isBackupEligible)),
            \(.datetime(now)), \(.null), \(.text(hash(new.id))))
            """
        )
    }

    /// Notes a use.
    ///
    /// - Returns: false when another request used it in between with a counter that this one does not exceed.
    static func use(
        _ passkey: Passkey,
        counter: UInt32,
        isBackedUp: Bool,
        at now: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) -> Bool {
        try connection.run(
            """
            UPDATE \(table) SET \(SQL.Name("counter")) = \(.integer(Int64(counter))), \(SQL.Name("backed_up")) = \(.boolean(isBackedUp)),
            \(SQL.Name("used")) = \(.datetime(now))
            WHERE \(SQL.Name("id")) = \(.identifier(passkey.id)) AND \(SQL.Name("counter")) = \(.integer(Int64(passkey.counter)))
            """
        ) == 1
    }

    static func remove(
        _ id: Identifier,
        of user: Identifier,
        _ connection: any Connection
    ) throws(StorageFailure) -> Bool {
        try connection.run(
            "DELETE FROM \(table) WHERE \(SQL.Name("id")) = \(.identifier(id)) AND \(SQL.Name("user")) = \(.identifier(user))"
        ) == 1
    }

    static func removeAll(of user: Identifier, _ connection: any Connection) throws(StorageFailure) {
        try connection.run("DELETE FROM \(table) WHERE \(SQL.Name("user")) = \(.identifier(user))")
    }
}
