import Foundation
import Testing

/// The rules of the house, held by reading the sources: which room may import which, how long a file may be, which
/// names and which leftovers there are not.
struct HouseRulesTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The rooms that each room may import, as docs/architecture.md draws them.
    private static let mayImport: [String: Set<String>] = [
        "Schema": [],
        "Expressions": ["Schema"],
        "AppFile": ["Schema", "Expressions", "Rules"],
        "Storage": ["Schema"],
        "StorageSQLite": ["Schema", "Expressions", "Storage"],
        "StorageServers": ["Schema", "Storage"],
        "StoragePostgres": ["Schema", "Expressions", "Storage", "StorageServers"],
        "StorageMySQL": ["Schema", "Expressions", "Storage", "StorageServers"],
        "Rules": ["Schema", "Expressions", "Storage"],
        "Records": ["Schema", "Expressions", "Storage", "Rules"],
        "Templates": [],
        "Outgoing": ["Schema"],
        "Mail": ["Schema", "Storage", "Templates"],
        "Accounts": ["Schema", "Storage", "Rules", "Records", "Templates", "Mail", "Outgoing"],
        "Web": ["Schema", "Rules", "Records", "Templates", "Mail", "Accounts"],
        "Examples": [],
        "offstage": [
            "Schema", "Expressions", "AppFile", "Storage", "StorageSQLite", "StorageServers", "StoragePostgres",
            "StorageMySQL", "Rules", "Records", "Templates", "Mail", "Outgoing", "Accounts", "Web", "Examples",
        ],
    ]

    private struct Source: Sendable {
        let path: String
        let lines: [Substring]
        var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    }

    private static func sources(in folders: [String]) -> [Source] {
        folders.flatMap { folder in
            let base = root.appendingPathComponent(folder)
            let files = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
            return (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }.compactMap {
                (file: URL) -> Source? in
                guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
                let path = String(file.path.dropFirst(root.path.count + 1))
                return Source(path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false))
            }
        }
    }

    private static let all = sources(in: ["Sources", "Tests"])
    private static let program = sources(in: ["Sources"])

    @Test func thereAreSourcesToRead() {
        #expect(Self.program.count > 50)
        #expect(Set(Self.program.map(\.room)) == Set(Self.mayImport.keys))
    }

    @Test func everyRoomImportsDownwardsOnly() {
        for source in Self.program {
            let allowed = Self.mayImport[source.room] ?? []
            for line in source.lines {
                guard let range = line.firstRange(of: "import Offstage"),
                    line[..<range.lowerBound].allSatisfy({ $0.isLetter || $0 == " " || $0 == "@" || $0 == "_" })
                else { continue }
                let room = String(line[range.upperBound...].prefix { $0.isLetter || $0.isNumber })
                #expect(allowed.contains(room), "\(source.path) imports \(room), which its room may not")
            }
        }
    }

    @Test func noFileIsLongerThan400Lines() {
        for source in Self.all {
            #expect(source.lines.count <= 401, "\(source.path) has \(source.lines.count - 1) lines")
        }
    }

    /// Full Foundation weighs 45 MB in the binary.
    @Test func noRoomImportsFullFoundation() {
        for source in Self.program {
            let imports = source.lines.contains { line in
                line.hasSuffix("import Foundation") && !line.drop(while: { $0 == " " }).hasPrefix("//")
            }
            #expect(!imports, "\(source.path) imports Foundation")
        }
    }

    @Test func namesSayWhatAThingIs() {
        for source in Self.program {
            let name = source.path.split(separator: "/").last.map(String.init) ?? ""
            for vague in ["Util", "Manager", "Helper", "Common", "Misc", "Legacy"] {
                #expect(!name.contains(vague), "\(source.path) is named vaguely")
            }
        }
    }

    @Test func nothingTrapsAndNothingIsLeftOver() {
        let banned = ["fatalError(", "try" + "!", "as" + "! ", "preconditionFailure(", "FIX" + "ME", "TO" + "DO"]
        for source in Self.program {
            for (index, line) in source.lines.enumerated() {
                for word in banned where line.contains(word) {
                    Issue.record("\(source.path):\(index + 1) holds \(word)")
                }
            }
        }
    }

    /// Task trees are structured: what lives long is a service.
    @Test func noTaskIsDetached() {
        for source in Self.program {
            for (index, line) in source.lines.enumerated()
            where line.contains("Task.detached") || line.contains("Task {") {
                Issue.record("\(source.path):\(index + 1) starts a task of its own")
            }
        }
    }

    /// A test waits for a condition with a deadline. What polls for one, and a slow client, say so on the line.
    @Test func noTestSleepsForLuck() {
        for source in Self.sources(in: ["Tests"]) where !source.path.contains("HouseRules") {
            for (index, line) in source.lines.enumerated() {
                let says = line.contains("// polls") || line.contains("// drips")
                for word in ["Thread.sleep", "usleep(", "Task.sleep"] where line.contains(word) && !says {
                    Issue.record("\(source.path):\(index + 1) sleeps")
                }
            }
        }
    }
}
