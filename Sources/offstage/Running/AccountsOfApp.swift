import ArgumentParser
import OffstageAccounts
import OffstageSchema
import OffstageStorage

extension TeamRole: ExpressibleByArgument {}

/// What the commands of `offstage user` share: the app's accounts, open for as long as a body runs.
struct AccountsOfApp {
    let accounts: Accounts
    let catalog: Catalog

    static func with(
        _ options: AppOptions,
        _ body: (AccountsOfApp) async throws(Failure) -> Void
    ) async throws {
        let folder = try AppFolder(options)
        let (records, engine) = try await folder.openRecords()
        do {
            let room = try AccountsRoom(folder, records)
            if folder.catalog.address == nil {
                let port = try Settings.number("OFFSTAGE_PORT", 0...65_535) ?? 8080
                room.listens(at: "http://localhost:\(port)")
            }
            do throws(Failure) {
                try await body(AccountsOfApp(accounts: room.accounts, catalog: folder.catalog))
            } catch {
                await room.close()
                throw Complaint(error)
            }
            await room.close()
            await engine.close()
        } catch {
            await engine.close()
            throw error
        }
    }
}
