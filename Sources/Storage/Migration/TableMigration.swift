/// A table before and after. One side is nil for a table that is created or dropped.
package struct TableMigration: Hashable, Sendable {
    package let old: TableShape?
    package let new: TableShape?
    /// The columns of both sides, paired; those of the new table first, in its order.
    package let columns: [ColumnMigration]

    package init(old: TableShape?, new: TableShape?, columns: [ColumnMigration]) {
        self.old = old
        self.new = new
        self.columns = columns
    }

    package var isRenamed: Bool {
        if let old, let new { old.name != new.name } else { false }
    }
}

/// A column before and after. One side is nil for a column that is added or dropped.
package struct ColumnMigration: Hashable, Sendable {
    package let old: ColumnShape?
    package let new: ColumnShape?
    /// The table that the old reference points to, by the name that it has afterwards; nil when it is dropped.
    package let oldReference: String?

    package init(old: ColumnShape?, new: ColumnShape?, oldReference: String? = nil) {
        self.old = old
        self.new = new
        self.oldReference = oldReference
    }

    package var isRenamed: Bool {
        if let old, let new { old.name != new.name } else { false }
    }

    package var isConverted: Bool {
        if let old, let new { old.type != new.type } else { false }
    }

    /// Whether fewer words or digits are allowed than before.
    package var isNarrowed: Bool {
        guard let old, let new, !isConverted else { return false }
        if let words = new.words, !Set(words).isSuperset(of: old.words ?? []) || old.words == nil { return true }
        return digits(new) < digits(old)
    }

    /// Whether more words or digits are allowed than before, and none that were are not.
    package var isWidened: Bool {
        guard let old, let new, !isConverted, !isNarrowed else { return false }
        if let words = old.words, !Set(words).isSuperset(of: new.words ?? []) || new.words == nil { return true }
        return digits(new) > digits(old)
    }

    private func digits(_ column: ColumnShape) -> Int {
        guard case .decimal = column.type else { return 0 }
        return column.digits ?? 18
    }

    package var becomesRequired: Bool {
        if let old, let new { new.required && !old.required } else { false }
    }

    package var becomesOptional: Bool {
        if let old, let new { old.required && !new.required } else { false }
    }

    package var becomesUnique: Bool {
        if let old, let new { new.unique && !old.unique } else { false }
    }

    package var becomesRepeatable: Bool {
        if let old, let new { old.unique && !new.unique } else { false }
    }

    /// Whether its ids must be in a table in which they did not have to be before.
    package var isReferred: Bool {
        if let old, let new {
            new.reference != nil && (new.reference != oldReference || old.reference == nil)
        } else {
            false
        }
    }

    package var losesReference: Bool {
        if let old, let new { old.reference != nil && new.reference == nil } else { false }
    }

    /// Whether the stored values have to be read one by one: some may become others.
    package var rewritesValues: Bool {
        isConverted || isNarrowed || becomesRequired || isReferred
    }
}
