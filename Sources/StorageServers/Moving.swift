import OffstageSchema
package import OffstageStorage

/// What a database says of itself while its data is taken elsewhere, and afterwards.
package enum Moving {
    /// - Parameter place: where the data goes, or went.
    package static func refusal(_ place: String) -> StorageFailure {
        .refused(
            Failure(
                .conflict,
                "The data of this database was moved to \(place), or is being moved. Set OFFSTAGE_DATABASE to that one, go on "
                    + "with \"offstage move\", or take it back with \"offstage move --cancel\"."
            )
        )
    }

    package static let isBeingFilled = StorageFailure.refused(
        Failure(.conflict, "This database is being filled by \"offstage move\", which has not come to its end. Run it again.")
    )
}
