import OffstageAppFile
import OffstageSchema

/// What `offstage test` says: a line a test as it comes out, then the sum; or all of it as JSON.
struct TestReport {
    private(set) var passed = 0
    private(set) var failed = 0
    private let format: ReportFormat
    private var results: [JSON] = []
    private var fileName: String?

    init(_ format: ReportFormat) {
        self.format = format
    }

    mutating func add(_ result: RuleTestRun.Result, _ file: RuleTestFile) {
        if result.difference == nil { passed += 1 } else { failed += 1 }
        switch format {
        case .text: say(result, file)
        case .json: results.append(Self.json(result, file))
        }
    }

    private mutating func say(_ result: RuleTestRun.Result, _ file: RuleTestFile) {
        if fileName != file.fileName {
            fileName = file.fileName
            Terminal.say(file.fileName)
        }
        guard let difference = result.difference else {
            Terminal.say("  ✓ \(result.test.name)")
            return
        }
        Terminal.say(
            "  ✗ \(result.test.name) (line \(result.test.place.line)): expected \(difference.expected); came \(difference.came)"
        )
    }

    private static func json(_ result: RuleTestRun.Result, _ file: RuleTestFile) -> JSON {
        var members = [
            JSON.Member("file", .string(file.fileName)),
            JSON.Member("line", .number("\(result.test.place.line)")),
            JSON.Member("name", .string(result.test.name)),
            JSON.Member("passed", .boolean(result.difference == nil)),
        ]
        if let difference = result.difference {
            members.append(JSON.Member("expected", .string(difference.expected)))
            members.append(JSON.Member("came", .string(difference.came)))
        }
        return .object(members)
    }

    func finish() {
        switch format {
        case .text:
            let all = passed + failed
            Terminal.say(
                failed == 0
                    ? "\(all == 1 ? "1 test" : "\(all) tests") passed."
                    : "\(failed) of \(all == 1 ? "1 test" : "\(all) tests") failed."
            )
        case .json:
            var writer = JSONWriter()
            writer.write(
                .object([
                    JSON.Member("passed", .number("\(passed)")), JSON.Member("failed", .number("\(failed)")),
                    JSON.Member("tests", .array(results)),
                ])
            )
            Terminal.say(String(decoding: writer.bytes, as: UTF8.self))
        }
    }
}
