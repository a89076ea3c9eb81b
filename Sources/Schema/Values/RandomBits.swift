import Glibc
import Synchronization

/// Unpredictable bits from the system, fetched some hundred bytes at a time: a call of the system for each id costs as much
/// as writing it.
final class RandomBits: Sendable {
    private struct Supply {
        var words: [UInt64] = []
    }

    private let supply = Mutex(Supply())

    /// Of one fetch. `getentropy` gives at most 256 bytes.
    private static let wordsAtOnce = 32

    /// 64 bits that nobody has had before.
    func next() -> UInt64 {
        supply.withLock { supply in
            if let word = supply.words.popLast() { return word }
            var words = [UInt64](repeating: 0, count: Self.wordsAtOnce)
            let isFilled = words.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) == 0 }
            // The generator of the standard library ends the program rather than give bits that can be guessed.
            guard isFilled, let word = words.popLast() else { return .random(in: .min ... .max) }
            supply.words = words
            return word
        }
    }
}
