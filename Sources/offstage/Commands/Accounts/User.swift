import ArgumentParser

/// `offstage user`
struct User: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Add, list, invite, reset and suspend accounts.",
        discussion: """
            Everything done here is in the journal, in the name of whoever sits at the keyboard.

            Examples:
              offstage user add ada@example.com --name "Ada Lovelace" --team owner
              offstage user list
              offstage user invite grace@example.com --team editor
              offstage user reset ada@example.com
              offstage user suspend mallory@example.com
            """,
        subcommands: [
            AddUser.self, ListUsers.self, InviteUser.self, ResetUser.self, SuspendUser.self, SetRole.self, MakeKey.self,
        ]
    )
}
