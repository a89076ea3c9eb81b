import ArgumentParser
import OffstageAppFile

/// `offstage schema`
struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the JSON Schema of the app file, so that editors complete and check it.",
        discussion: """
            Example:
              offstage schema > offstage.schema.json
              # then, as the first line of offstage.yaml:
              # yaml-language-server: $schema=offstage.schema.json
            """
    )

    func run() {
        Terminal.say(AppFile.jsonSchema())
    }
}
