/// The id of a record of another collection, or of the same.
package struct RelationKind: Hashable, Sendable, ValueReader {
    package var collection: String
    package var onDelete: OnDelete

    /// What becomes of this record when the one that it points to is deleted.
    package enum OnDelete: String, Sendable, CaseIterable, Codable {
        /// The other record can't be deleted.
        case restrict
        /// This record is deleted too.
        case cascade
        /// The field becomes empty.
        case clear
    }

    package init(to collection: String, onDelete: OnDelete = .restrict) {
        self.collection = collection
        self.onDelete = onDelete
    }

    package func read(text: String) throws(Fault) -> Value {
        guard let id = Identifier(text) else {
            throw Fault("", .type, "must be the id of a record of \(collection)")
        }
        return .identifier(id)
    }
}
