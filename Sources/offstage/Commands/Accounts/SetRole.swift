import ArgumentParser
import OffstageAccounts
import OffstageRecords
import OffstageSchema
import OffstageStorage

/// `offstage user role`
struct SetRole: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Give an account another role in the team.",
        discussion: """
            Example:
              offstage user role grace@example.com owner
            """
    )

    @OptionGroup var options: AppOptions

    @Argument(help: "The mail address.")
    var email: String

    @Argument(help: "none, viewer, editor or owner.")
    var role: TeamRole

    func run() async throws {
        try await AccountsOfApp.with(options) { (app) throws(Failure) in
            let user = try await app.accounts.find(email: email)
            try await app.accounts.set(role: role, of: user.id, by: Settings.person)
            Terminal.note("\(email) is \(role == .none ? "not in the team" : "\(role.rawValue) now").")
        }
    }
}
