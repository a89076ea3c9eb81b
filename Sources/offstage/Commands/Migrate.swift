import ArgumentParser
import OffstageSchema
import OffstageStorage

/// `offstage migrate`
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what a changed app file changes in the database, and do it.",
        discussion: """
            "offstage serve" does by itself what loses nothing. What loses data is done here, and only when it is said.

            Examples:
              offstage migrate --plan
              offstage migrate --apply
              offstage migrate --apply --allow-loss
            """
    )

    @OptionGroup var options: AppOptions

    @Flag(help: "Print the steps and what they would lose; change nothing. This is what happens without flags too.")
    var plan = false

    @Flag(help: "Do the steps, all or none.")
    var apply = false

    @Flag(help: "Do steps that lose data as well.")
    var allowLoss = false

    func validate() throws {
        if plan, apply { throw ValidationError("Give --plan or --apply, not both.") }
        if allowLoss, !apply { throw ValidationError("--allow-loss goes with --apply.") }
    }

    func run() async throws {
        let folder = try AppFolder(options)
        let engine = try folder.openEngine()
        do throws(Complaint) {
            try await migrate(folder, engine)
            await engine.close()
        } catch {
            await engine.close()
            throw error
        }
    }

    private func migrate(_ folder: AppFolder, _ engine: any Engine) async throws(Complaint) {
        do throws(StorageFailure) {
            let plan = try await engine.plan(to: TableShape.shapes(of: folder.catalog))
            guard !plan.isEmpty else {
                // The database itself may still be of an earlier format.
                if apply { try await engine.apply(plan) }
                Terminal.say("The database has the shape of the app file; there is nothing to do.")
                return
            }
            Terminal.say("\(plan)")
            guard apply else { return }
            if let refusal = refusal(plan) { throw .refused(Failure(.conflict, refusal)) }
            try await engine.apply(plan, allowLoss: allowLoss)
            Terminal.say("Done.")
        } catch {
            throw Complaint(error, database: folder.database)
        }
    }

    /// Why the plan, which is on the screen already, can't be applied; nil when it can.
    private func refusal(_ plan: MigrationPlan) -> String? {
        if !plan.obstacles.isEmpty { return "Nothing was done: the steps marked with ! can't be done as things are." }
        if plan.losesData, !allowLoss {
            return "Nothing was done: the steps marked with - lose data. If that is meant, add --allow-loss."
        }
        return nil
    }
}
