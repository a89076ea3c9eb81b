import Foundation
import OffstageExamples
import Testing

struct ExampleTests {
    @Test(arguments: Example.allCases)
    func theProgramHoldsEachFileOfTheExampleAndNoOther(_ example: Example) throws {
        let folder = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("examples/\(example.rawValue)")
        var found: [String: [UInt8]] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            let file = folder.appendingPathComponent(path)
            // What the demo stores is no part of the example.
            guard !path.hasPrefix("data"), !file.hasDirectoryPath,
                let bytes = FileManager.default.contents(atPath: file.path)
            else { continue }
            found[path] = Array(bytes)
        }
        #expect(Set(example.files.keys) == Set(found.keys))
        for (path, bytes) in found {
            #expect(example.files[path] == bytes, "\(path) differs")
        }
    }
}
