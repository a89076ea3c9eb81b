import ArgumentParser
import Glibc
import OffstageRecords
import OffstageSchema
import OffstageStorage

/// `offstage import`
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Store all records of a file, or none when one is not valid.",
        discussion: """
            Reads CSV with a header line, NDJSON (one object a line) and a JSON array, by the file's ending or --format. \
            Ids, times and versions are kept where the file has them, so an export comes back as it was.

            Examples:
              offstage import products products.csv
              offstage import products products.ndjson --dry-run
              cat products.csv | offstage import products - --format csv
            """
    )

    @Argument(help: "The collection that the records go into.")
    var collection: String

    @Argument(help: "The file, or - for standard input.", completion: .file())
    var file: String

    @OptionGroup var options: AppOptions

    @Option(help: "csv, ndjson or json; by the file's ending when it is not given.")
    var format: ImportFormat?

    @Flag(help: "Try everything and keep nothing.")
    var dryRun = false

    func run() async throws {
        let folder = try AppFolder(options)
        let collection = try folder.collection(self.collection)
        guard let format = format ?? ImportFormat(fileName: file) else {
            let reason = file == "-" ? "Standard input has no name" : "The ending of \(file) is none"
            throw Complaint("\(reason) that tells a format; give --format csv, ndjson or json.", code: Complaint.faulty)
        }
        let source = try ImportFile(file, spoolFolder: folder.dataFolder)
        let (records, engine) = try await folder.openRecords()
        let progress = ProgressBar(total: source.size, label: "importing \(collection.name)")
        do throws(Failure) {
            let request = ImportRequest(principal: Settings.person, dryRun: dryRun) { progress.show($0) }
            let answer = try await records.importRows(into: collection, from: source, format, as: request)
            progress.clear()
            await engine.close()
            Terminal.say(sentence(answer, collection))
        } catch {
            progress.clear()
            await engine.close()
            throw Complaint(error)
        }
    }

    private func sentence(_ answer: Answer, _ collection: Collection) -> String {
        let count = String(decoding: answer.body.filter { (0x30...0x39).contains($0) }, as: UTF8.self)
        let records = count == "1" ? "1 record" : "\(count) records"
        return dryRun
            ? "\(records) would be imported into \(collection.name); nothing was stored, since this was a dry run."
            : "\(records) imported into \(collection.name)."
    }
}

extension ImportFormat: ExpressibleByArgument {}

/// The file of an import. Standard input is copied to a nameless file first, since it is read on the writer's thread.
private final class ImportFile: ByteSource {
    let size: Int
    private let descriptor: Int32

    init(_ path: String, spoolFolder: String) throws(Complaint) {
        guard path == "-" else {
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw Complaint("\(path) can't be read: \(Disk.reason()).", code: Complaint.faulty)
            }
            guard !Disk.isFolder(path) else {
                throw Complaint("\(path) is a folder, not a file.", code: Complaint.faulty)
            }
            size = Disk.size(path) ?? 0
            return
        }
        var template = Array("/tmp/offstage-import-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Complaint("Standard input can't be kept: \(Disk.reason()).") }
        unlink(template)
        var total = 0
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(STDIN_FILENO, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            guard Terminal.write(Array(piece[0..<count]), to: descriptor) else {
                throw Complaint("Standard input can't be kept: \(Disk.reason()).")
            }
            total += count
        }
        size = total
    }

    deinit { close(descriptor) }

    func read(at offset: Int, atMost count: Int) -> [UInt8]? {
        var isReadable = true
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
            let result = pread(descriptor, buffer.baseAddress, count, off_t(offset))
            isReadable = result >= 0
            read = max(0, result)
        }
        return isReadable ? bytes : nil
    }
}
