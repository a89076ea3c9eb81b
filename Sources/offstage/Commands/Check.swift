import ArgumentParser
import OffstageSchema

/// `offstage check`
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the app file and print every fault with its place.",
        discussion: """
            Exits with 1 when there is a fault.

            Example:
              offstage check --app my-app
            """
    )

    @OptionGroup var options: AppOptions

    func run() throws {
        let catalog = try AppFolder.catalog(in: options.app)
        let forms = catalog.forms.count
        let fields = catalog.collections.reduce(0) { $0 + $1.fields.count }
        Terminal.say(
            "\(catalog.name): no faults in \(catalog.collections.count) collections with \(fields) fields and "
                + "\(forms == 1 ? "1 form" : "\(forms) forms")."
        )
    }
}
