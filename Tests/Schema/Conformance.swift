import Foundation

/// Public test suites that lie beside the repository, or where OFFSTAGE_CONFORMANCE says.
enum Conformance {
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["OFFSTAGE_CONFORMANCE"] { return URL(fileURLWithPath: path) }
        var repository = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { repository.deleteLastPathComponent() }
        return repository.deletingLastPathComponent().appendingPathComponent("shared/conformance")
    }()

    /// The names of a suite's files with an ending; empty when the suite is not there.
    static func files(_ suite: String, _ ending: String) -> [String] {
        let path = folder.appendingPathComponent(suite).path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasSuffix(ending) }.sorted()
    }

    static func bytes(_ suite: String, _ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent(suite).appendingPathComponent(name)))
    }
}

/// The same numbers in every run, so that a failure can be had again (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

extension SeededNumbers {
    /// A text of up to eight pieces that are known to make trouble.
    mutating func text() -> String {
        let pieces = [
            "", "a", "B", " ", "  ", ",", ";", "\"", "\"\"", "'", "''", "=", "+", "-", "@", "\t", "\r", "\n", "\r\n",
            "é",
            "日本", "👩‍👩‍👧", "\u{feff}", "\\", "/", "{", "[", "null", "0", "1.5", "\u{2028}", "\u{7f}", "\u{1}", "<script>",
        ]
        return (0..<Int.random(in: 0...8, using: &self)).map { _ in pieces.randomElement(using: &self) ?? "" }.joined()
    }
}
