import ArgumentParser
import OffstageStorage
import OffstageStorageSQLite

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
        do throws(StorageFailure) {
            try await migrate(folder, engine)
            await engine.close()
        } catch {
            await engine.close()
            throw Complaint(error, database: folder.database)
        }
    }

    private func migrate(_ folder: AppFolder, _ engine: SQLiteEngine) async throws(StorageFailure) {
        let plan = try await engine.plan(to: TableShape.shapes(of: folder.catalog))
        guard !plan.isEmpty else {
            Terminal.say("The database has the shape of the app file; there is nothing to do.")
            return
        }
        Terminal.say("\(plan)")
        guard apply else { return }
        try await engine.apply(plan, allowLoss: allowLoss)
        Terminal.say("Done.")
    }
}
