package import OffstageSchema
import OffstageStorage

/// What every write is told beside its values: who asks, the key that makes a repeat a repeat, and how its door answers.
package struct WriteRequest: Sendable {
    package let principal: Principal
    package let repeatKey: RepeatKey?
    /// Makes the answer from the record as it was written; kept with the key, so it runs inside the transaction.
    package let answer: @Sendable (Written) -> Answer

    package init(
        by principal: Principal,
        repeatKey: RepeatKey? = nil,
        answer: @escaping @Sendable (Written) -> Answer
    ) {
        self.principal = principal
        self.repeatKey = repeatKey
        self.answer = answer
    }
}

/// What a write did.
package enum Written: Sendable {
    case created(Record)
    case changed(Record)
    case deleted
}

/// What must hold of the stored record for a write to go ahead (RFC 9110, section 13.1).
package enum Precondition: Hashable, Sendable {
    case none
    /// `If-Match: *`
    case exists
    /// `If-Match: "3"`: one of these versions.
    case version(Set<Int64>)
    /// `If-None-Match: *`: there is no such record yet.
    case absent

    func check(_ record: Record?) throws(StorageFailure) {
        let holds =
            switch (self, record) {
            case (.none, _): true
            case (.exists, let record): record != nil
            case (.version(let versions), .some(let record)): versions.contains(record.version)
            case (.version, .none): false
            case (.absent, let record): record == nil
            }
        guard !holds else { return }
        switch (self, record) {
        case (.absent, _):
            throw .refused(Failure(.stale, "There is a record with this id already; nothing was changed."))
        case (_, .some(let record)):
            throw .refused(
                Failure(
                    .stale,
                    "The record was changed by somebody else: it has version \(record.version) now. "
                        + "Read it again, then repeat the change. Nothing was changed."
                )
            )
        case (_, .none):
            throw .refused(Failure(.stale, "There is no such record to match; nothing was changed."))
        }
    }
}
