import ArgumentParser
import OffstageAccounts
import OffstageRecords
import OffstageSchema
import OffstageStorage

/// `offstage user add`
struct AddUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Make an account.",
        discussion: """
            With --password-stdin the password is the first line of standard input. Without it the account has none yet: a \
            link to choose one is printed, and mailed where mail is set up. A service account (--service) never has one and \
            signs in with keys alone: see "offstage user key".

            Examples:
              offstage user add ada@example.com --name "Ada Lovelace"
              pass show ada | offstage user add ada@example.com --password-stdin
              offstage user add robot@example.com --service --set role=staff
            """
    )

    @OptionGroup var options: AppOptions

    @Argument(help: "The mail address.")
    var email: String

    @Option(help: "The person's name.")
    var name = ""

    @Option(help: "The role in the team: none, viewer, editor or owner.")
    var team: TeamRole = .none

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A field of the app's own; may be given several times.", valueName: "field=value")
    )
    var fields: [String] = []

    @Flag(name: .customLong("password-stdin"), help: "Read the password from standard input.")
    var readsPassword = false

    @Flag(name: .customLong("service"), help: "Make a service account, which has keys and no password.")
    var isService = false

    func run() async throws {
        var input = Input([])
        for field in fields {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                throw Complaint("--set \(field): expected a field, = and a value.", code: Complaint.faulty)
            }
            input.members.append((parts[0], .texts([parts[1]])))
        }
        let password = readsPassword ? readLine() ?? "" : nil
        let filled = input
        try await AccountsOfApp.with(options) { (app) throws(Failure) in
            let user = try await app.accounts.add(
                email: email,
                name: name,
                role: team,
                fields: filled,
                password: password,
                by: Settings.person
            )
            Terminal.note("\(email) has an account now: users/\(user.id)")
            guard password == nil, !isService else { return }
            let link = try await app.accounts.reset(user, removesFactors: false, by: Settings.person)
            Terminal.note("Here a password is chosen, within an hour:")
            Terminal.say(link)
        }
    }
}
