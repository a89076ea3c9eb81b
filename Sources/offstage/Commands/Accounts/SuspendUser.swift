import ArgumentParser
import OffstageAccounts
import OffstageRecords
import OffstageSchema
import OffstageStorage

/// `offstage user suspend`
struct SuspendUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend",
        abstract: "Keep an account out, at once and until it is let in again.",
        discussion: """
            Its sessions end; its records stay. The last owner can't be suspended.

            Examples:
              offstage user suspend mallory@example.com
              offstage user suspend mallory@example.com --undo
            """
    )

    @OptionGroup var options: AppOptions

    @Argument(help: "The mail address.")
    var email: String

    @Flag(name: .customLong("undo"), help: "Let the account in again.")
    var isUndone = false

    func run() async throws {
        try await AccountsOfApp.with(options) { (app) throws(Failure) in
            let user = try await app.accounts.find(email: email)
            try await app.accounts.suspend(!isUndone, user.id, by: Settings.person)
            Terminal.note("\(email) is \(isUndone ? "let in again" : "suspended").")
        }
    }
}
