import Foundation
import Testing

@testable import OffstageExpressions

/// The folder of the CEL conformance cases, by default beside the repository.
private let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["OFFSTAGE_CEL_CASES"] { return URL(fileURLWithPath: path) }
    return URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/conformance/cel")
}()

private let files: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted()
}()

@Suite struct ConformanceTests {
    @Test(
        .enabled(if: !files.isEmpty, "no conformance cases: set OFFSTAGE_CEL_CASES to the folder of the CEL cases"),
        arguments: files.isEmpty ? [""] : files
    )
    func theConformanceCasesPass(_ file: String) throws {
        let data = try Data(contentsOf: folder.appendingPathComponent(file))
        let list = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
        var passed = 0
        for json in list {
            let name = String(file.dropLast(".json".count))
            guard let test = ConformanceCase(json, file: name) else {
                Issue.record("a case in \(file) cannot be read: \(json)")
                continue
            }
            let problem = test.problem()
            if problem == nil { passed += 1 }
            if Exceptions.reasons[test.name] != nil {
                #expect(problem != nil, "\(test.name) passes: take it off the exceptions")
            } else if let problem {
                Issue.record("\(test.name): \(test.expression): \(problem)")
            }
        }
        print("\(file) \(passed)/\(list.count)")
    }
}
