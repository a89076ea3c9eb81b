import ArgumentParser
import OffstageAppFile
import OffstageRecords
import OffstageSchema
import OffstageStorage

/// `offstage explain`
struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what a rule comes to for somebody, and what the database is asked.",
        discussion: """
            Prints the rule, what is left of it for that user, the statements and the way the database would go, with the \
            index it would use. For a record, it shows which part of the rule said no. Nothing is changed.

            Examples:
              offstage explain products list
              offstage explain products list --as '{role: staff}' --filter 'price < 5' --sort=-released
              offstage explain products update --as '{role: staff}' --record 0193… --values '{"price": "4.00"}'
            """
    )

    @Argument(help: "The collection.")
    var collection: String

    @Argument(help: "list, read, create, update or delete.")
    var verb: Explanation.Verb

    @OptionGroup var options: AppOptions

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "visitor, team, or the fields of an account, such as '{role: staff, id: 0193…}'.",
            valueName: "user"
        )
    )
    var user = "visitor"

    @Option(help: ArgumentHelp("The record in question.", valueName: "id"))
    var record: String?

    @Option(help: ArgumentHelp("The values of the new record or of the change, as JSON.", valueName: "json"))
    var values: String?

    @Option(help: ArgumentHelp("The filter of a list.", valueName: "expression"))
    var filter: String?

    @Option(help: ArgumentHelp("A value for the filter, such as most=20 for arg.most.", valueName: "name=value"))
    var arg: [String] = []

    @Option(
        parsing: .unconditional,
        help: "Fields that a list is sorted by, a minus before one for descending: -price,name."
    )
    var sort: String?

    @Option(help: "text or json.")
    var format = ReportFormat.text

    func validate() throws {
        if verb != .list, filter != nil || sort != nil || !arg.isEmpty {
            throw ValidationError("--filter, --arg and --sort go with list.")
        }
        if verb != .create, verb != .update, values != nil {
            throw ValidationError("--values goes with create and update.")
        }
        if verb == .create, record != nil {
            throw ValidationError("A record that is created has no id yet; give its --values.")
        }
    }

    func run() async throws {
        let folder = try AppFolder(options)
        let collection = try folder.collection(self.collection)
        let request = try request()
        let principal = try AccountOption.principal(user, of: folder.users())
        let (records, engine) = try await folder.openToRead()
        do throws(Failure) {
            let explanation = try await records.explain(request, of: collection, for: principal)
            await engine.close()
            switch format {
            case .text: Terminal.say(ExplanationText(explanation).lines.joined(separator: "\n"))
            case .json: Terminal.say(ExplanationJSON(explanation).text)
            }
        } catch {
            await engine.close()
            throw Complaint(error)
        }
    }

    private func request() throws(Complaint) -> Explanation.Request {
        var request = Explanation.Request(verb)
        request.filter = filter
        request.sort = sort
        for argument in arg {
            guard let sign = argument.firstIndex(of: "=") else {
                throw Complaint(
                    "--arg \(argument.prefix(80)) has no value; write it as \(argument.prefix(80))=value.",
                    code: Complaint.faulty
                )
            }
            let name = argument[..<sign]
            request.arguments.append((String(name), String(argument[argument.index(after: sign)...])))
        }
        if let record {
            guard let id = Identifier(record) else {
                throw Complaint("--record \(record.prefix(80)) is no id; an id is a UUID.", code: Complaint.faulty)
            }
            request.record = id
        }
        if let values {
            guard let json = try? JSONParser.parse(values.utf8), let input = Input(json: json) else {
                throw Complaint(
                    "--values is no JSON object; write it as '{\"name\": \"Tea\"}'.",
                    code: Complaint.faulty
                )
            }
            request.values = input
        }
        return request
    }
}

extension Explanation.Verb: ExpressibleByArgument {}

/// How a command tells its result.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    /// For people.
    case text
    /// For tools.
    case json
}

/// Who a command asks as.
enum AccountOption {
    /// - Parameter users: the collection that accounts are records of.
    static func principal(_ text: String, of users: Collection) throws(Complaint) -> Principal {
        switch text {
        case "visitor": return .visitor(address: "127.0.0.1")
        case "team": return Settings.person
        default: break
        }
        switch AccountText.read(text, of: users, name: "--as") {
        case .success(let account): return .account(account)
        case .failure(let faults):
            throw Complaint(
                "--as takes visitor, team or the fields of an account, such as '{role: staff}'.",
                details: faults.faults.map { "\($0)" },
                code: Complaint.faulty
            )
        }
    }
}
