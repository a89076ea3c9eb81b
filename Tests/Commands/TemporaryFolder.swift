import Foundation
import Testing

/// A folder that is gone with the test. Programs run in it; what they print is kept beside it.
final class TemporaryFolder: Sendable {
    let url: URL
    /// For the files of the tests themselves.
    let aside: URL
    private let root: URL

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "offstage-" + UUID().uuidString)
        url = root.appending(path: "work")
        aside = root.appending(path: "aside")
        for folder in [url, aside] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    func path(_ relative: String) -> String {
        url.appending(path: relative).path
    }

    func write(_ text: String, to relative: String) throws {
        try write(Data(text.utf8), to: relative)
    }

    func write(_ data: Data, to relative: String) throws {
        let file = url.appending(path: relative)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
    }

    func data(_ relative: String) throws -> Data {
        try Data(contentsOf: url.appending(path: relative))
    }

    func has(_ relative: String) -> Bool {
        FileManager.default.fileExists(atPath: path(relative))
    }

    /// The contents of every file below a folder, by relative path.
    static func files(below folder: URL) throws -> [String: Data] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        var files: [String: Data] = [:]
        for path in paths {
            let file = folder.appending(path: path)
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            files[path] = try Data(contentsOf: file)
        }
        return files
    }
}

/// The project's own folder, from this file's place in it.
let projectFolder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// What every complaint of the program must be: one sentence for a person, without the insides of the program.
func expectSentence(
    _ outcome: Program.Outcome,
    status: Int32,
    saying parts: String...,
    at location: SourceLocation = #_sourceLocation
) {
    #expect(outcome.status == status && !outcome.wasKilled, sourceLocation: location)
    let errors = outcome.errors
    #expect(errors.hasPrefix("offstage: "), "\(errors)", sourceLocation: location)
    #expect(errors.hasSuffix(".\n"), "\(errors)", sourceLocation: location)
    #expect(errors.split(separator: "\n").count == 1, "\(errors)", sourceLocation: location)
    for part in parts { #expect(errors.contains(part), "\(errors)", sourceLocation: location) }
    expectNoInsides(errors, at: location)
}

/// Nothing of a stack trace, a crash or a type's name.
func expectNoInsides(_ errors: String, at location: SourceLocation = #_sourceLocation) {
    for inside in ["Fatal error", ".swift:", "Error(", "Failure(", "Optional(", "Crash", "NIO"] {
        #expect(!errors.contains(inside), "\(errors)", sourceLocation: location)
    }
}
