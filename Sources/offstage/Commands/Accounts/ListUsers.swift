import ArgumentParser
import OffstageAccounts
import OffstageRecords
import OffstageSchema
import OffstageStorage

/// `offstage user list`
struct ListUsers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the accounts: address, name, role in the team, and what is unusual of them.",
        discussion: """
            Tabs stand between the columns, and nothing is in the way of another program.

            Examples:
              offstage user list
              offstage user list --team owner
              offstage user list | grep suspended
            """
    )

    @OptionGroup var options: AppOptions

    @Option(help: "Only those of this role in the team.")
    var team: TeamRole?

    func run() async throws {
        let folder = try AppFolder(options)
        let (records, engine) = try await folder.openToRead()
        do throws(Failure) {
            try await list(records, folder.users())
            await engine.close()
        } catch {
            await engine.close()
            throw Complaint(error)
        }
    }

    private func list(_ records: Records, _ users: Collection) async throws(Failure) {
        let view = records.view(of: users, for: .system("list"))
        var query = ListQuery(limit: ListQuery.largestLimit)
        query.sort = try Sort("email", view)
        var count = 0
        repeat {
            let page = try await records.list(view, query)
            for record in page.records {
                let line = Line(record, users)
                guard team == nil || line.team == team else { continue }
                count += 1
                Terminal.say(line.text)
            }
            query.after = page.next
        } while query.after != nil
        if count == 0 { Terminal.note("There are no such accounts. \"offstage user add\" makes one.") }
    }

    private struct Line {
        let text: String
        let team: TeamRole

        init(_ record: Record, _ users: Collection) {
            func value(_ name: String) -> Value { users.position(of: name).map { record.values[$0] } ?? .null }
            func text(_ name: String) -> String { if case .text(let text) = value(name) { text } else { "" } }
            team = TeamRole(rawValue: text("team")) ?? .none
            var notes: [String] = []
            if value("verified") != .boolean(true) { notes.append("unverified") }
            if value("suspended") == .boolean(true) { notes.append("suspended") }
            self.text = [text("email"), text("name"), team.rawValue, notes.joined(separator: ","), "\(record.id)"]
                .joined(separator: "\t")
        }
    }
}
