import ArgumentParser
import Glibc
import OffstageRecords
import OffstageRules
import OffstageSchema
import OffstageStorage

/// `offstage export`
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write all records of a collection to a file or to standard output.",
        discussion: """
            Text cells of CSV that a spreadsheet would run as a formula get a leading apostrophe, which an import takes \
            away again.

            Examples:
              offstage export messages
              offstage export products --format ndjson --to products.ndjson
              offstage export products --sort=-price > dearest-first.csv
            """
    )

    @Argument(help: "The collection.")
    var collection: String

    @OptionGroup var options: AppOptions

    @Option(help: "csv, ndjson or json; by the ending of --to, else csv.")
    var format: ExportFormat?

    @Option(help: ArgumentHelp("A new file to write to.", valueName: "file"), completion: .file())
    var to: String?

    @Option(parsing: .unconditional, help: "Fields to sort by, a minus before one for descending: -price,name.")
    var sort: String?

    func run() async throws {
        let folder = try AppFolder(options)
        let collection = try folder.collection(self.collection)
        var query = ListQuery(limit: ListQuery.largestLimit)
        let format =
            format ?? to.flatMap { ImportFormat(fileName: $0) }.flatMap { ExportFormat(rawValue: $0.rawValue) } ?? .csv
        let (records, engine) = try await folder.openToRead()
        let view = records.view(of: collection, for: Settings.person)
        do throws(Complaint) {
            if let sort { query.sort = try Self.order(sort, view) }
            try await export(records, view, query, format, to: try target())
            await engine.close()
        } catch {
            await engine.close()
            throw error
        }
    }

    private static func order(_ text: String, _ view: View) throws(Complaint) -> Sort {
        do throws(Failure) {
            return try Sort(text, view)
        } catch {
            throw Complaint(error)
        }
    }

    private func target() throws(Complaint) -> Int32 {
        guard let to else { return STDOUT_FILENO }
        let descriptor = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Complaint("\(to) can't be written: \(Disk.reason()).", code: Complaint.faulty)
        }
        return descriptor
    }

    private func export(
        _ records: Records,
        _ view: View,
        _ start: ListQuery,
        _ format: ExportFormat,
        to descriptor: Int32
    ) async throws(Complaint) {
        let rows = ExportRows(view.collection, format, hidden: true)
        var query = start
        var bytes = rows.header
        var isFirst = true
        while true {
            let page: Page
            do throws(Failure) {
                page = try await records.list(view, query)
            } catch {
                throw Complaint(error)
            }
            bytes += rows.bytes(page.records, isFirst: isFirst)
            isFirst = isFirst && page.records.isEmpty
            if page.next == nil { bytes += rows.footer }
            guard Terminal.write(bytes, to: descriptor) else {
                throw Complaint("The export could not be written to its end: \(Disk.reason()).")
            }
            guard let next = page.next else { return }
            query.after = next
            bytes = []
        }
    }
}

extension ExportFormat: ExpressibleByArgument {}
