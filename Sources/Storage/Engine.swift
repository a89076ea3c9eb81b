/// A database: runs synchronous bodies with a connection, inside a transaction, on its own terms.
///
/// Services are plain functions of a `Connection`, so a transaction is a plain Swift function.
package protocol Engine: Sendable {
    var dialect: any Dialect { get }

    /// Runs the body in a read transaction: everything in it sees one state of the data.
    func read<Result: Sendable>(
        _ extent: ReadExtent,
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result

    /// Runs the body in a write transaction. When this returns, the transaction is on disk; when it throws, nothing of
    /// it happened. The body may run again when the database asks for a retry, so it must not keep state outside.
    func write<Result: Sendable>(
        _ extent: WriteExtent,
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result

    /// What has to happen so that the database fits the shapes. Changes nothing.
    func plan(to shapes: [TableShape]) async throws(StorageFailure) -> MigrationPlan

    /// Carries a plan out, and upgrades a database of an earlier format, also by an empty plan. Where the database can, all or
    /// nothing; where it can't, what is left goes on at the next start.
    ///
    /// - Throws: `.refused` for a plan that loses data without being allowed to, one with obstacles, and one that does not
    ///   fit the data any more.
    func apply(_ plan: MigrationPlan, allowLoss: Bool) async throws(StorageFailure)

    /// Whether this process may serve the database and change its shape.
    var isOwner: Bool { get }
    /// Who else serves it, as a phrase: "process 4711".
    var owner: String { get }

    /// Finishes what runs and closes the database. Nothing may be asked of it afterwards.
    func close() async
}

/// How much a read may touch, which decides where it runs.
package enum ReadExtent: Sendable {
    /// A few rows by index: a matter of microseconds.
    case bounded
    /// Most likely a few rows by index, but only the data tells: an engine in this process begins it where it was asked for,
    /// and begins it again on its threads when it turns out to be more. The text tells such reads apart, so that one that was
    /// more is not tried again soon. No function that works on long texts may be a part of it.
    case short(String)
    /// Anything else, on the engine's threads and with a time limit.
    case scan
}

/// How much a write may do.
package enum WriteExtent: Sendable {
    /// What one request does: it may share a transaction's sync with others.
    case few
    /// Thousands of records.
    case many
}

extension Engine {
    /// A write of what one request does.
    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result {
        try await write(.few, body)
    }

    package func apply(_ plan: MigrationPlan) async throws(StorageFailure) {
        try await apply(plan, allowLoss: false)
    }
}
