import ArgumentParser

/// The program: one command a file in Commands/.
@main
struct Offstage: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "offstage",
        abstract: "The whole back end of a website or app in one program.",
        discussion: """
            An app is a folder with a file offstage.yaml that says what it keeps and who may do what.

            Start one and serve it:
              offstage new my-app
              offstage serve --app my-app

            Settings are environment variables: OFFSTAGE_DATABASE (sqlite:data/offstage.db), OFFSTAGE_HOST (127.0.0.1), \
            OFFSTAGE_PORT (8080), OFFSTAGE_TRUSTED_PROXIES (none), OFFSTAGE_MAIL (none), OFFSTAGE_SECRET (data/secret), \
            OFFSTAGE_OUTGOING_ALLOW (none), OFFSTAGE_PROVIDER_<NAME>_SECRET (none). Flags of the same name come first.
            """,
        version: version,
        subcommands: [
            New.self, Serve.self, Check.self, Schema.self, Migrate.self, Move.self, Import.self, Export.self,
            Explain.self, Test.self, User.self, Aside.self,
        ]
    )

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let complaint as Complaint {
            for line in complaint.details { Terminal.note(line) }
            Terminal.complain(complaint.description)
            exit(withError: ExitCode(complaint.code))
        } catch {
            exit(withError: error)
        }
    }
}
