import OffstageSchema

/// What has to happen in a database so that it fits a catalog: steps for people to read, and for each table what it was
/// and becomes, for an engine to act on. Made by comparing shapes and by looking at the stored values; making it changes
/// nothing.
package struct MigrationPlan: Hashable, Sendable {
    /// The shapes in force when the plan was made; nil for a database in which nothing was made yet.
    package let stored: [TableShape]?
    /// The shapes that the plan leads to.
    package let wanted: [TableShape]
    /// In an order that is sound: what others point to is made first, what is dropped goes last.
    package let steps: [MigrationStep]
    /// What the steps come from, one for each table of either side.
    package let tables: [TableMigration]

    package init(stored: [TableShape]?, wanted: [TableShape], steps: [MigrationStep], tables: [TableMigration]) {
        self.stored = stored
        self.wanted = wanted
        self.steps = steps
        self.tables = tables
    }

    /// Whether nothing is to be done.
    package var isEmpty: Bool { steps.isEmpty }

    /// Whether a step loses something, so that it is applied only when that is allowed.
    package var losesData: Bool { steps.contains { $0.loss != nil } }

    /// The steps that can't be done as things are.
    package var obstacles: [MigrationStep] { steps.filter { $0.obstacle != nil } }
}

extension MigrationPlan: CustomStringConvertible {
    /// The steps, one a line: marked with `-` when the step loses data and with `!` when it can't be done. Empty for an
    /// empty plan.
    package var description: String {
        steps.map { step in
            let mark = step.obstacle != nil ? "! " : step.loss != nil ? "- " : "  "
            return mark + step.description
        }.joined(separator: "\n")
    }
}

extension MigrationPlan {
    /// Throws `.refused`, with the steps that are in the way, where the plan can't or may not be carried out.
    package func permit(allowLoss: Bool) throws(StorageFailure) {
        guard obstacles.isEmpty else {
            let steps = obstacles.map { "  " + $0.description }.joined(separator: "\n")
            throw .refused(Failure(.conflict, "The database can't be changed to fit the app file:\n\(steps)"))
        }
        guard allowLoss || !losesData else {
            let steps = self.steps.filter { $0.loss != nil }.map { "  " + $0.description }.joined(separator: "\n")
            throw .refused(Failure(.conflict, "Fitting the database to the app file would lose data:\n\(steps)"))
        }
    }

    /// Why a plan is not carried out that is another one by now.
    package static let outdated = StorageFailure.refused(
        Failure(.conflict, "The data changed since the plan was made. Make the plan again.")
    )
}
