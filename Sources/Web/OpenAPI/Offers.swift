import OffstageSchema

/// What the document may say of a collection: what somebody may do and see. All that depends on rules is asked here.
extension Collection {
    /// Whether anybody but the team may do this.
    private func isOpen(_ verb: Access.Verb) -> Bool {
        access[verb] != .nobody
    }

    var offersReading: Bool { isOpen(.read) }
    var offersCreation: Bool { isOpen(.create) }
    /// A record that nobody may read is not there for those who would change it.
    var offersUpdate: Bool { isOpen(.update) && isOpen(.read) }
    var offersDeletion: Bool { isOpen(.delete) && isOpen(.read) }
    /// PUT creates, replaces, or both.
    var offersReplacement: Bool { offersCreation || offersUpdate }

    var shownFields: [Field] { fields.filter(\.isShown) }
    var takenFields: [Field] { fields.filter(\.isTaken) }
}

extension Field {
    /// Whether anybody may read it.
    var isShown: Bool { readable != .nobody }
    /// Whether anybody may write it; what the server sets comes from nobody.
    var isTaken: Bool { writable != .nobody && assign == nil }

    /// Whether a new record can't be without a value from the client.
    var mustBeSent: Bool { required && initialValue.isEmpty }

    /// Whether records can be sorted by it: lists and JSON have no order.
    var hasOrder: Bool {
        if case .json = kind { return false }
        return !many
    }
}
