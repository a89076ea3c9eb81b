import OffstageAppFile
import Testing

/// A good file with random damage: there is an answer for each, and it is never a trap.
@Suite struct MutationTests {
    /// Repeatable chance (SplitMix64).
    private struct Chance: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }

    private static let pieces: [String] = [
        ":", "- ", "{", "}", "[", "]", ",", "\"", "'", "&a ", "*a", "!!str ", "!x", "|", ">", "#", "\n", "\t", "\0",
        "~",
        "true", "yes", "-1", "1e999", "99999999999999999999999", "0x", ".inf", "\u{2028}", "é", "🎭", "type",
        "default: ",
        "min: ", "was: ", "fields", "\\u0000", "9223372036854775807", "-9223372036854775808", "1e-99999", "[]", "{}",
        "\"\"",
    ]

    @Test(arguments: 0..<8)
    func damagedFilesHaveFaultsOrNone(_ seed: Int) {
        var chance = Chance(state: UInt64(seed))
        let originals = [Array(ExampleTests.supported.utf8), Array(ExampleTests.example.utf8)]
        for _ in 0..<150 {
            var bytes = originals[Int.random(in: 0..<originals.count, using: &chance)]
            for _ in 0..<Int.random(in: 1...6, using: &chance) { Self.damage(&bytes, &chance) }
            guard case .failure(let faults) = AppFile.load(bytes: bytes) else { continue }
            #expect(!faults.faults.isEmpty)
            #expect(zip(faults.faults, faults.faults.dropFirst()).allSatisfy { $0.place <= $1.place })
            #expect(!faults.faults.contains { $0.message.contains { $0.isNewline } })
        }
    }

    private static func damage(_ bytes: inout [UInt8], _ chance: inout Chance) {
        let at = Int.random(in: 0...bytes.count, using: &chance)
        let end = min(bytes.count, at + Int.random(in: 0...20, using: &chance))
        switch Int.random(in: 0..<6, using: &chance) {
        case 0: bytes.removeSubrange(at..<end)
        case 1: bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...bytes.count, using: &chance))
        case 2: bytes.replaceSubrange(at..<min(at + 1, bytes.count), with: [UInt8.random(in: 0...255, using: &chance)])
        case 3: bytes.removeSubrange(end...)
        default: bytes.replaceSubrange(at..<end, with: Array((pieces.randomElement(using: &chance) ?? "").utf8))
        }
    }
}
