/// Chance from a fixed seed (SplitMix64), so that a failure can be had again.
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func upTo(_ bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }

    mutating func oneIn(_ count: Int) -> Bool {
        upTo(count) == 0
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[upTo(elements.count)]
    }
}
