import OffstageSchema
import Synchronization
import Testing

@Suite struct IdentifierTests {
    @Test func readsBackWhatItShows() {
        var numbers = SeededNumbers(seed: 1)
        for _ in 0..<10_000 {
            let id = Identifier(high: numbers.next(), low: numbers.next())
            #expect(Identifier(id.description) == id)
            #expect(Identifier(id.description.uppercased()) == id)
        }
    }

    @Test func ordersAsItsText() {
        var numbers = SeededNumbers(seed: 2)
        let ids = (0..<500).map { _ in Identifier(high: numbers.next() % 3, low: numbers.next()) }
        #expect(ids.sorted().map(\.description) == ids.map(\.description).sorted())
    }

    @Test(arguments: [
        "", "0", "00000000-0000-0000-0000-00000000000", "00000000-0000-0000-0000-0000000000000",
        "00000000000000000000000000000000",
        "{00000000-0000-0000-0000-000000000000}", "00000000_0000-0000-0000-000000000000",
        "0000000g-0000-0000-0000-000000000000",
        "00000000-0000-0000-0000-00000000000 ", " 0000000-0000-0000-0000-000000000000",
        "0000000-00000-0000-0000-000000000000",
        "００000000-0000-0000-0000-0000000000", "00000000-0000-0000-0000-000000000000-",
        "------------------------------------",
    ])
    func refuses(text: String) {
        #expect(Identifier(text) == nil)
    }

    @Test func madeOnesAreOfVersionSevenAndTellTheTime() {
        let source = IdentifierSource(now: { Timestamp(milliseconds: 0x0123_4567_89ab) })
        let id = source.next()
        #expect(id.high >> 16 == 0x0123_4567_89ab)
        #expect(id.high >> 12 & 0xf == 7)
        #expect(id.low >> 62 == 0b10)
    }

    @Test func madeOnesRiseWithinAMillisecondAndWhenTheClockStepsBack() {
        let clock = Mutex<Int64>(1_000_000)
        let source = IdentifierSource(now: { Timestamp(milliseconds: clock.withLock { $0 }) })
        var last = source.next()
        for step in 0..<20_000 {
            if step == 10_000 { clock.withLock { $0 -= 5000 } }
            if step == 15_000 { clock.withLock { $0 = -1 } }
            let next = source.next()
            #expect(next > last)
            #expect(next.high >> 12 & 0xf == 7)
            last = next
        }
        clock.withLock { $0 = 2_000_000 }
        #expect(source.next() > last)
    }

    @Test func madeOnesAreAllDifferentAcrossThreads() async {
        let source = IdentifierSource(now: { Timestamp(milliseconds: 1) }, random: { 0 })
        let ids = await withTaskGroup(of: [Identifier].self) { group in
            for _ in 0..<8 { group.addTask { (0..<2000).map { _ in source.next() } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(ids).count == 16_000)
    }
}
