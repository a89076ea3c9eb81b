import ArgumentParser
import OffstageAccounts
import OffstageRecords
import OffstageSchema
import OffstageStorage

/// `offstage user reset`
struct ResetUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Make a link with which somebody chooses another password.",
        discussion: """
            The link is mailed and printed, holds for an hour and works once. With --factors, codes, passkeys and keys go too \
            and all sessions end: for somebody who lost their authenticator, once you know that it is them.

            Examples:
              offstage user reset ada@example.com
              offstage user reset ada@example.com --factors
            """
    )

    @OptionGroup var options: AppOptions

    @Argument(help: "The mail address.")
    var email: String

    @Flag(name: .customLong("factors"), help: "Remove codes, passkeys and keys, and end all sessions.")
    var removesFactors = false

    func run() async throws {
        try await AccountsOfApp.with(options) { (app) throws(Failure) in
            let user = try await app.accounts.find(email: email)
            let link = try await app.accounts.reset(user, removesFactors: removesFactors, by: Settings.person)
            Terminal.note("Here \(email) chooses another password, within an hour:")
            Terminal.say(link)
        }
    }
}
