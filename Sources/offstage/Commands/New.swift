import ArgumentParser
import OffstageExamples

/// `offstage new`
struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start an app in a new folder.",
        discussion: """
            Examples:
              offstage new my-app
              offstage new my-shop --example shop
            """
    )

    @Argument(help: "The folder, which must be new or empty.", completion: .directory)
    var folder: String

    @Option(help: "Start from an example instead of a nearly empty app: shop.")
    var example: Example?

    func run() throws {
        guard !Disk.isFolder(folder) || Disk.names(in: folder).isEmpty else {
            throw Complaint("The folder \(folder) is not empty; nothing was written to it.", code: Complaint.faulty)
        }
        let files = example?.files ?? Self.starterFiles
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
            let target = "\(folder)/\(path)"
            if let slash = target.lastIndex(of: "/") { try Disk.makeFolder(String(target[..<slash])) }
            try Disk.write(bytes, to: target)
        }
        Terminal.say("The app is in \(folder). Start it with: offstage serve --app \(folder)")
    }

    private static var starterFiles: [String: [UInt8]] {
        ["offstage.yaml": Array(starter.utf8), "tests/messages.yaml": Array(starterTests.utf8)]
    }

    /// What its rules are to do.
    private static let starterTests = """
        # What the rules of offstage.yaml are to do; `offstage test` tries it on a database that is thrown away.
        given:
          messages:
            hello: {name: Ada, email: ada@example.org, message: Hello!}

        tests:
          - name: Visitors read no messages
            list: messages
            denied: true

          - name: The team reads them
            as: team
            list: messages
            shows: [hello]

        """

    /// An app that can be tried at once: one form, and nobody but the team reads what it stores.
    private static let starter = """
        # What the app keeps and who may do what. `offstage check` tells what is wrong with this file,
        # `offstage schema` prints its JSON Schema for your editor.
        offstage: 1
        name: My app

        collections:
          messages:
            fields:
              name:    {type: text, required: true, max: 100}
              email:   {type: email, required: true}
              message: {type: text, required: true, max: 5000, lines: 6}
            access: {}              # closed: only the form below writes, only the team reads

        forms:
          contact:                  # http://localhost:8080/forms/contact
            into: messages
            fields: [name, email, message]
            title: Write to us
            send: Send
            limit: 10/hour

        """
}

extension Example: ExpressibleByArgument {}
