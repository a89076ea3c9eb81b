import OffstageSchema

/// The steps of one column, with what they would lose and what stands in their way.
struct ColumnSteps {
    private(set) var steps: [MigrationStep] = []
    private let table: TableShape

    /// - Parameters:
    ///   - old: the table as it is stored.
    ///   - new: the table as it is wanted.
    ///   - former: stored shapes by the names that the tables have afterwards.
    init(
        _ column: ColumnMigration,
        old: TableShape,
        new: TableShape,
        former: [String: TableShape],
        values: some StoredValues
    ) throws(StorageFailure) {
        table = new
        switch (column.old, column.new) {
        case (nil, let added?): add(added, records: try values.records(in: old))
        case (let dropped?, nil): drop(dropped, filled: try values.filled(dropped, in: old))
        case (let before?, let after?):
            try change(column, before, after, in: old, former: former, values: values)
        case (nil, nil): break
        }
    }

    private mutating func step(
        _ kind: MigrationStep.Kind,
        _ column: ColumnShape,
        _ sentence: String,
        loss: MigrationStep.Loss? = nil,
        obstacle: MigrationStep.Obstacle? = nil
    ) {
        steps.append(
            MigrationStep(kind, table: table.name, column: column.name, sentence, loss: loss, obstacle: obstacle)
        )
    }

    // MARK: Added and dropped

    private mutating func add(_ column: ColumnShape, records: Int) {
        var obstacle: MigrationStep.Obstacle?
        let initial = column.initialValue ?? column.emptyValue
        if records > 0, column.required, initial.isEmpty || initial == .text("") {
            obstacle = MigrationStep.Obstacle(
                "it is required, and \(Counted.records(records)) would have no value in it",
                remedy: "give it a default, or leave out `required` until the records have one"
            )
        } else if records > 1, column.unique, !initial.isEmpty {
            obstacle = MigrationStep.Obstacle(
                "it is unique, and \(Counted.records(records)) would get the same default",
                remedy: "leave out the default"
            )
        }
        var words = column.inWords
        if column.required { words += ", required" }
        if column.unique { words += ", unique" }
        step(.addColumn, column, "add the field \(name(column)) (\(words))", obstacle: obstacle)
    }

    private mutating func drop(_ column: ColumnShape, filled: Int) {
        let loss = filled == 0 ? nil : MigrationStep.Loss(records: filled, Counted.have(filled, "a value in it"))
        step(.dropColumn, column, "drop the field \(name(column))", loss: loss)
    }

    // MARK: Changed

    private mutating func change(
        _ column: ColumnMigration,
        _ before: ColumnShape,
        _ after: ColumnShape,
        in old: TableShape,
        former: [String: TableShape],
        values: some StoredValues
    ) throws(StorageFailure) {
        if column.isRenamed {
            step(.renameColumn, after, "rename the field \(table.name).\(before.name) to \(after.name)")
        }
        var examination: ValueExamination?
        if column.rewritesValues {
            let target = after.reference.flatMap { former[$0] }
            examination = try ValueExamination(before, to: after, in: old, referring: target, values: values)
        }
        let first = steps.count
        changeKind(column, before, after, examination)
        changeReference(column, after, examination)
        changeRequired(column, after, examination)
        if column.becomesUnique {
            let repeated: (value: Value, records: Int)?
            if let examination {
                repeated = examination.repeated
            } else {
                repeated = try values.repeated(before, in: old)
            }
            step(.makeUnique, after, "make \(name(after)) unique", obstacle: repeated.map(Self.obstacle))
        } else if column.becomesRepeatable {
            step(.allowRepeats, after, "let \(name(after)) repeat")
        } else if let repeated = examination?.repeated, steps.indices.contains(first), steps[first].obstacle == nil {
            steps[first] = steps[first].obstructed(by: Self.obstacle(repeated))
        }
    }

    private mutating func changeKind(
        _ column: ColumnMigration,
        _ before: ColumnShape,
        _ after: ColumnShape,
        _ examination: ValueExamination?
    ) {
        let loss = examination.flatMap { $0.lossOfKind(after) }
        let obstacle = examination.flatMap { $0.obstacleOfKind(after, converted: column.isConverted) }
        if column.isConverted {
            let sentence = "convert \(name(after)) from \(before.inWords) to \(after.inWords)"
            step(.convertColumn, after, sentence, loss: loss, obstacle: obstacle)
        } else if column.isNarrowed {
            step(.narrow, after, "limit \(name(after)) to \(after.inWords)", loss: loss, obstacle: obstacle)
        } else if column.isWidened {
            step(.widen, after, "widen \(name(after)) to \(after.inWords)")
        }
    }

    private mutating func changeReference(
        _ column: ColumnMigration,
        _ after: ColumnShape,
        _ examination: ValueExamination?
    ) {
        if column.losesReference {
            step(.dropReference, after, "let \(name(after)) refer to nothing")
        } else if column.isReferred, let target = after.reference {
            let kind: MigrationStep.Kind = column.old?.reference == nil ? .addReference : .changeReference
            let loss = examination.flatMap(\.lossOfReferences)
            let obstacle = column.isConverted || column.isNarrowed ? nil : examination?.obstacleOfLoss(after)
            step(kind, after, "make \(name(after)) refer to \(target)", loss: loss, obstacle: obstacle)
        }
    }

    private mutating func changeRequired(
        _ column: ColumnMigration,
        _ after: ColumnShape,
        _ examination: ValueExamination?
    ) {
        if column.becomesRequired {
            step(.require, after, "make \(name(after)) required", obstacle: examination?.obstacleOfMissing)
        } else if column.becomesOptional {
            step(.allowEmpty, after, "let \(name(after)) be empty")
        }
    }

    private static func obstacle(_ repeated: (value: Value, records: Int)) -> MigrationStep.Obstacle {
        MigrationStep.Obstacle(
            "\(Counted.have(repeated.records, Example.text(repeated.value)))",
            remedy: "make such values different first"
        )
    }

    private func name(_ column: ColumnShape) -> String {
        "\(table.name).\(column.name)"
    }
}

extension MigrationStep {
    fileprivate func obstructed(by obstacle: Obstacle) -> MigrationStep {
        MigrationStep(kind, table: table, column: column, sentence, loss: loss, obstacle: obstacle)
    }
}

extension ValueExamination {
    /// What a narrower or another kind loses.
    fileprivate func lossOfKind(_ new: ColumnShape) -> MigrationStep.Loss? {
        var sentences: [String] = []
        if unreadable.records > 0 {
            let becomes = new.initialValue.map { "the default \(Example.text($0))" } ?? "empty"
            sentences.append(
                "\(Counted.have(unreadable.records, "a value that can't be kept")), such as "
                    + "\(Example.text(unreadable.example)); it becomes \(becomes)"
            )
        }
        if shortened.records > 0 {
            sentences.append(
                "\(Counted.have(shortened.records, "a value that loses a part")), such as \(Example.text(shortened.example))"
            )
        }
        guard !sentences.isEmpty else { return nil }
        return MigrationStep.Loss(
            records: unreadable.records + shortened.records,
            sentences.joined(separator: "; ")
        )
    }

    fileprivate var lossOfReferences: MigrationStep.Loss? {
        guard dangling.records > 0 else { return nil }
        return MigrationStep.Loss(
            records: dangling.records,
            "\(Counted.have(dangling.records, "an id")) that is not there, such as \(Example.text(dangling.example)); it is removed"
        )
    }

    /// Values that are lost from a required field without a default.
    fileprivate func obstacleOfLoss(_ new: ColumnShape) -> MigrationStep.Obstacle? {
        guard lostAndRequired.records > 0 else { return nil }
        return MigrationStep.Obstacle(
            "it is required, and \(Counted.have(lostAndRequired.records, "a value that can't be kept")), such as "
                + Example.text(lostAndRequired.example),
            remedy: "give it a default, or change such values first"
        )
    }

    fileprivate func obstacleOfKind(_ new: ColumnShape, converted: Bool) -> MigrationStep.Obstacle? {
        obstacleOfLoss(new) ?? (converted ? obstacleOfMissing : nil)
    }

    fileprivate var obstacleOfMissing: MigrationStep.Obstacle? {
        guard missing > 0 else { return nil }
        return MigrationStep.Obstacle(
            Counted.have(missing, "no value in it"),
            remedy: "give it a default, or fill it in first"
        )
    }
}

/// A stored value in a sentence.
enum Example {
    static func text(_ value: Value) -> String {
        let printed = ValueConversion.printed(value)
        return "\"" + (printed.count > 40 ? printed.prefix(39) + "…" : printed[...]) + "\""
    }
}
