import OffstageSchema

/// What a conversion would do to all values of a column: what is lost, what is missing, what would be there twice.
struct ValueExamination {
    struct Tally {
        private(set) var records = 0
        private(set) var example: Value = .null

        mutating func count(_ value: Value) {
            if records == 0 { example = value }
            records += 1
        }
    }

    private(set) var unreadable = Tally()
    private(set) var shortened = Tally()
    private(set) var dangling = Tally()
    /// Values that are lost, with nothing to put in their place.
    private(set) var lostAndRequired = Tally()
    /// Records that have no value and must have one.
    private(set) var missing = 0
    private(set) var repeated: (value: Value, records: Int)?

    init(
        _ old: ColumnShape,
        to new: ColumnShape,
        in table: TableShape,
        referring target: TableShape?,
        values: some StoredValues
    ) throws(StorageFailure) {
        let conversion = ValueConversion(from: old, to: new)
        var counts: [Value: Int] = [:]
        try values.each(old, in: table) { value throws(StorageFailure) in
            let outcome = try conversion.convert(value) { id throws(StorageFailure) in
                guard let target else { return false }
                return try values.holds(id, in: target)
            }
            switch outcome.loss {
            case .unreadable: unreadable.count(value)
            case .shortened: shortened.count(value)
            case .dangling: dangling.count(value)
            case nil: break
            }
            if outcome.isMissing {
                if outcome.loss == nil { missing += 1 } else { lostAndRequired.count(value) }
            }
            if new.unique, !outcome.value.isNull { counts[Self.compared(outcome.value, as: new), default: 0] += 1 }
        }
        if let most = counts.max(by: { $0.value < $1.value }), most.value > 1 { repeated = (most.key, most.value) }
    }

    /// What a unique index compares: mail addresses without case.
    private static func compared(_ value: Value, as column: ColumnShape) -> Value {
        guard column.type == .email, case .text(let text) = value else { return value }
        return .text(text.lowercased())
    }
}
