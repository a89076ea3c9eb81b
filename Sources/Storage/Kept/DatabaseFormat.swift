import OffstageSchema

/// The layout of what Offstage keeps beside the collections, as a number that every database says of itself.
package enum DatabaseFormat {
    /// The one that a new database begins with, before it is upgraded.
    package static let first = 1
    /// The one that this program writes. Earlier ones are read, and upgraded when a plan is applied.
    package static let current = 2
    /// From this one on, a database has the tables of ``KeptTable/all``.
    package static let withKeptTables = 2

    /// - Parameter text: what the database says; nil when it says nothing.
    /// - Throws: `.refused` for a later format, `.damaged` for what is none.
    package static func read(_ text: String?) throws(StorageFailure) -> Int {
        guard let text, let number = Int(text), number >= first else {
            throw .damaged("the database does not say its format")
        }
        guard number <= current else {
            throw .refused(
                Failure(
                    .conflict,
                    "The database has format \(number), and this program reads format \(current). "
                        + "It was made by a later version of Offstage; run that version."
                )
            )
        }
        return number
    }

    /// Why a database is not upgraded in which a name is taken.
    package static func stranger(_ table: String) -> StorageFailure {
        .refused(
            Failure(
                .conflict,
                "The database has a table \(table) already, which Offstage did not make. Rename or drop it first."
            )
        )
    }
}
