import Synchronization

/// Makes version 7 ids (RFC 9562, section 5.7): 48 bits of milliseconds, then a counter of 12 bits so that the ids
/// of one process rise even within a millisecond or when the clock steps back, then 62 random bits.
package final class IdentifierSource: Sendable {
    private struct Last {
        var milliseconds: UInt64 = 0
        var counter: UInt64 = 0
    }

    private let last = Mutex(Last())
    private let now: @Sendable () -> Timestamp
    private let random: @Sendable () -> UInt64

    /// - Parameters:
    ///   - now: the clock; tests give their own.
    ///   - random: 64 unpredictable bits a call, the system's unless given; tests give their own.
    package init(
        now: @escaping @Sendable () -> Timestamp,
        random: (@Sendable () -> UInt64)? = nil
    ) {
        self.now = now
        self.random = random ?? RandomBits().next
    }

    package func next() -> Identifier {
        let clock = UInt64(clamping: now().milliseconds) & 0xffff_ffff_ffff
        let bits = random()
        let (milliseconds, counter) = last.withLock { last in
            if clock > last.milliseconds {
                // A random start below half of the range leaves room for 2,048 ids in the millisecond.
                last = Last(milliseconds: clock, counter: bits >> 53)
            } else {
                last.counter += 1
                if last.counter > 0xfff {
                    last = Last(milliseconds: last.milliseconds + 1, counter: 0)
                }
            }
            return (last.milliseconds, last.counter)
        }
        return Identifier(
            high: milliseconds << 16 | 0x7000 | counter,
            low: 0x8000_0000_0000_0000 | (random() & 0x3fff_ffff_ffff_ffff)
        )
    }
}
