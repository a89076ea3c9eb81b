package import OffstageSchema
package import OffstageStorage

/// A connection to a database server, used by one thread at a time: by the body that the pool hands it to.
package protocol ServerConnection: Connection {
    /// Starts a transaction.
    func begin(_ transaction: ServerTransaction) throws(StorageFailure)
    /// - Throws: `.uncertain` when the connection was lost before the answer came.
    func commit() throws(StorageFailure)
    /// Takes back what was done. A connection that can't is not usable afterwards.
    func rollback()

    /// Whether the server is still at the other end, as far as the last answer told.
    var isUsable: Bool { get }
    /// Whether the transaction gave up since it has to be one that nobody disturbs from its start: `.serialWrite`.
    var wantsSerial: Bool { get }
    /// What tells later whether the transaction was committed: its last entry in the journal. Nil when it wrote none.
    var proof: CommitProof? { get }
    /// The server's own name for this connection, by which others can ask whether it still runs.
    var session: Int64 { get }

    /// Numbers the entries of the journal that have no position yet, in the order of their ids: last + 1 and so on.
    func numbering(after last: Int64, atMost: Int) -> SQL

    /// Runs the program's own text: definitions and settings, without bindings.
    func execute(_ text: String) throws(StorageFailure)
    func close()
}

/// What a transaction is for.
package enum ServerTransaction: Sendable {
    /// Each statement sees what is committed when it starts; correctness comes from conditions and locks.
    case write
    /// The same, while nobody changes what it has read: for databases that can't keep others from tables otherwise.
    case serialWrite
    /// Everything sees one state of the data; a statement may take so many milliseconds.
    case snapshot(timeLimitMilliseconds: Int?)
}

/// The entry in the journal that a transaction wrote last: the number that the database gave it and the transaction's id.
package struct CommitProof: Sendable {
    package let entry: Int64
    package let transaction: Identifier

    package init(entry: Int64, transaction: Identifier) {
        self.entry = entry
        self.transaction = transaction
    }
}

/// One kind of database server: how to reach it, and what it writes in its own way.
package protocol ServerDriver: Sendable {
    associatedtype Link: ServerConnection

    var dialect: any ServerDialect { get }
    /// Where it is, for people, without the password: "postgres://shop@db.example/shop".
    var place: String { get }
    /// Connections that may be open at once.
    var poolSize: Int { get }

    /// A connection that is set up.
    /// - Throws: `.unavailable` when the server can't be reached or refuses, `.refused` when it is not one to be used.
    func connect() throws(StorageFailure) -> Link

    /// Whether a session of this name still runs on the server: then its last commit may still come.
    func isRunning(_ session: Int64, _ link: Link) throws(StorageFailure) -> Bool

    /// Tells others that this process uses the database, until the connection ends; false when it is just being changed.
    func announce(_ link: Link) throws(StorageFailure) -> Bool
    /// Makes this process the only one that uses the database; false when another one does.
    func takeOver(_ link: Link) throws(StorageFailure) -> Bool
    /// Lets others use the database again.
    func stepBack(_ link: Link) throws(StorageFailure)

    /// The tables that are there.
    func tables(_ link: Link) throws(StorageFailure) -> Set<String>
    /// The columns of a table by their names, each with its type as ``ServerDialect/type(of:)`` would write it.
    func columns(of table: String, _ link: Link) throws(StorageFailure) -> [String: String]
    func indexes(of table: String, _ link: Link) throws(StorageFailure) -> Set<String>
    func references(of table: String, _ link: Link) throws(StorageFailure) -> Set<String>
    /// Triggers that somebody made.
    func triggers(of table: String, _ link: Link) throws(StorageFailure) -> Set<String>

    /// Told which unique index stands for which column, so that a failure can name it.
    func know(_ shapes: [TableShape])
}
