import ArgumentParser
import OffstageAccounts
import OffstageRecords
import OffstageSchema
import OffstageStorage

/// `offstage user invite`
struct InviteUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite",
        abstract: "Invite somebody by mail to make an account.",
        discussion: """
            The link is printed too, for whoever wants to hand it over by themselves. It holds for 7 days and works once.

            Example:
              offstage user invite grace@example.com --team editor --language de
            """
    )

    @OptionGroup var options: AppOptions

    @Argument(help: "The mail address.")
    var email: String

    @Option(help: "The role in the team: none, viewer, editor or owner.")
    var team: TeamRole = .none

    @Option(help: "The language of the mail: en or de.")
    var language = "en"

    func run() async throws {
        try await AccountsOfApp.with(options) { (app) throws(Failure) in
            let link = try await app.accounts.invite(email, as: team, language: language, by: Settings.person)
            Terminal.note("\(email) is invited. The link, which is mailed too:")
            Terminal.say(link)
        }
    }
}
