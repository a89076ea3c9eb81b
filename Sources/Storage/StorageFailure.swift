package import OffstageSchema

/// What went wrong in a database, in words that every engine shares. A driver's own codes stay in its folder.
package enum StorageFailure: Error, Sendable {
    /// A value that must be unique is taken: the columns, without their table.
    case unique(columns: [String])
    /// A reference points nowhere, or something still points here.
    case reference
    /// A value that must be there is missing: the column.
    case required(column: String)
    /// The disk that holds the data is full; nothing was changed, and it heals when there is room.
    case full
    /// The database's file or a stored value is not what it should be.
    case damaged(String)
    /// The database can't be reached or takes no writes now.
    case unavailable(String)
    /// The commit failed in a way that leaves open whether it happened: the record, or the key of the request, tells.
    case uncertain(String)
    /// Another transaction was in the way again and again; nothing was changed.
    case contended(String)
    /// The statement was stopped because it ran too long.
    case tooSlow
    /// Anything else, in the database's words, for the operator alone.
    case other(String)
    /// The body of a transaction gave up with a failure of its own.
    case refused(Failure)
}
