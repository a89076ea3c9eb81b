import OffstageSchema
import Testing

@Suite struct RecentlyUsedTests {
    @Test func whatIsUsedStaysAndTheRestGoes() {
        var kept = RecentlyUsed<Int, String>(atMost: 10)
        var gone: [String] = []
        for number in 1...100 {
            kept.keep("\(number)", for: number) { gone += $0 }
            _ = kept.value(1) { gone += $0 }
            #expect(kept.values.count <= 10)
        }
        #expect(kept.value(1) == "1")
        #expect(kept.value(100) == "100")
        #expect(kept.value(50) == nil)
        // Everything that was kept is there or was handed over, once.
        #expect((kept.values + gone).sorted() == (1...100).map(String.init).sorted())
    }

    @Test func aNewValueTakesThePlaceOfTheOld() {
        var kept = RecentlyUsed<Int, String>(atMost: 2)
        var gone: [String] = []
        for text in ["a", "b", "c"] { kept.keep(text, for: 1) { gone += $0 } }
        #expect(kept.values == ["c"])
        #expect(gone == ["a", "b"])
    }
}
