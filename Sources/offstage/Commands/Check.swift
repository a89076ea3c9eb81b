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
        let own = catalog.collections.filter { $0.name != Collection.usersName }
        let fields = own.reduce(0) { $0 + $1.fields.count }
        let ofAccounts = (catalog.collection(Collection.usersName)?.fields.count ?? 0) - Collection.userFields.count
        var words = "\(Self.count(own.count, "collection")) with \(Self.count(fields, "field"))"
        // Every app has accounts; what the file adds to them is its own.
        if ofAccounts > 0 { words += ", \(Self.count(ofAccounts, "field")) of accounts" }
        Terminal.say("\(catalog.name): no faults in \(words) and \(Self.count(catalog.forms.count, "form")).")
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
