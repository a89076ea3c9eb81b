import ArgumentParser
import OffstageAppFile
import OffstageRules
import OffstageSchema

/// `offstage test`
struct Test: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the tests of the app's rules, tests/*.yaml.",
        discussion: """
            Each test says who asks for what and what should come of it: see docs/testing-rules.md. It runs on a database \
            that is made for it and thrown away; the app's own data is not touched. Exits with 1 when a test fails.

            Examples:
              offstage test
              offstage test --app my-app --filter drafts
              offstage test --format json
            """
    )

    @Option(help: ArgumentHelp("The app's folder, where offstage.yaml is.", valueName: "folder"))
    var app = "."

    @Option(help: ArgumentHelp("Run only tests whose name, or whose file's, has this in it.", valueName: "text"))
    var filter: String?

    @Option(help: "text or json.")
    var format = ReportFormat.text

    func run() async throws {
        let catalog = try AppFolder.catalog(in: app)
        let rules = try AppFolder.rules(of: catalog)
        let files = try files(catalog)
        let wanted = files.map { file in (file: file, tests: file.tests.filter { isWanted($0, file) }) }
            .filter { !$0.tests.isEmpty }
        guard !wanted.isEmpty else {
            throw Complaint("No test has \"\(filter ?? "")\" in its name.", code: Complaint.faulty)
        }
        var report = TestReport(format)
        for (file, tests) in wanted {
            let run = try await RuleTestRun(file, rules: rules)
            do throws(Complaint) {
                for test in tests { report.add(try await run.result(of: test), file) }
                run.close()
            } catch {
                run.close()
                throw error
            }
        }
        report.finish()
        if report.failed > 0 { throw ExitCode(Complaint.faulty) }
    }

    /// The files of tests, read and checked; every fault of all of them at once.
    private func files(_ catalog: Catalog) throws(Complaint) -> [RuleTestFile] {
        let folder = app == "." ? "tests" : app + "/tests"
        let names = Disk.names(in: folder).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
        guard !names.isEmpty else {
            throw Complaint("There are no tests: \(folder) has no file that ends in .yaml.", code: Complaint.faulty)
        }
        var files: [RuleTestFile] = []
        var faults: [AppFileFault] = []
        for name in names {
            let path = "\(folder)/\(name)"
            guard let bytes = try Disk.read(path) else { continue }
            switch RuleTestFile.load(bytes: bytes, fileName: path, catalog: catalog) {
            case .success(let file): files.append(file)
            case .failure(let found): faults += found.faults
            }
        }
        guard faults.isEmpty else {
            throw Complaint(
                "\(faults.count == 1 ? "1 fault" : "\(faults.count) faults") in the tests; none was run.",
                details: faults.map { "\($0)" },
                code: Complaint.faulty
            )
        }
        return files
    }

    private func isWanted(_ test: RuleTest, _ file: RuleTestFile) -> Bool {
        guard let filter = filter?.lowercased() else { return true }
        return test.name.lowercased().contains(filter) || file.fileName.lowercased().contains(filter)
    }
}
