import ArgumentParser
import OffstageAccounts
import OffstageRecords
import OffstageSchema
import OffstageStorage

/// `offstage user key`
struct MakeKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make an API key for an account.",
        discussion: """
            The key is printed this once. Programs send it as "Authorization: Bearer <key>". It may do what its account may, and \
            only what it is for.

            Example:
              offstage user key robot@example.com --name "Nightly export" --for orders=read --for lines=read,create
            """
    )

    @OptionGroup var options: AppOptions

    @Argument(help: "The mail address.")
    var email: String

    @Option(help: "What the key is called.")
    var name: String

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("A collection, or * for all, and verbs: orders=read,create.", valueName: "collection=verbs")
    )
    var scopes: [String]

    @Option(help: "How many days it holds; without an end unless given.")
    var days: Int?

    func run() async throws {
        var verbs: [String: Set<Access.Verb>] = [:]
        for scope in scopes {
            let parts = scope.split(separator: "=", maxSplits: 1).map(String.init)
            let words =
                parts.count == 2 ? parts[1].split(separator: ",").map { Access.Verb(rawValue: String($0)) } : [nil]
            guard !words.contains(nil) else {
                let known = Access.Verb.allCases.map(\.rawValue).joined(separator: ", ")
                throw Complaint(
                    "--for \(scope): expected a collection, = and some of \(known), such as orders=read,create.",
                    code: Complaint.faulty
                )
            }
            verbs[parts[0], default: []].formUnion(words.compactMap { $0 })
        }
        guard days.map({ (1...36_500).contains($0) }) ?? true else {
            throw Complaint("--days must be from 1 to 36500.", code: Complaint.faulty)
        }
        let scope = KeyScope(verbs)
        let now = Settings.now()
        let expires = days.map { Timestamp(milliseconds: now.milliseconds + Int64($0) * 86_400_000) }
        try await AccountsOfApp.with(options) { (app) throws(Failure) in
            let user = try await app.accounts.find(email: email)
            let made = try await app.accounts.makeKey(
                name: name,
                scope: scope,
                expires: expires,
                for: user,
                by: Settings.person
            )
            Terminal.note("The key, shown this once:")
            Terminal.say(made.token)
        }
    }
}
