import OffstageSchema
import Testing

@testable import OffstageWeb

@Suite struct MomentWordsTests {
    private static let now = Timestamp(milliseconds: 1_795_694_640_000)

    @Test(arguments: [
        (0, "in the last five minutes"), (299, "in the last five minutes"), (-60, "in the last five minutes"),
        (300, "5 minutes ago"), (3599, "59 minutes ago"), (3600, "an hour ago"), (7200, "2 hours ago"),
        (86_399, "23 hours ago"), (86_400, "a day ago"), (172_800, "2 days ago"), (2_591_999, "29 days ago"),
        (2_592_000, "on 27 October 2026"),
    ])
    func anAgeIsSaidInWords(seconds: Int64, words: String) {
        let moment = Timestamp(milliseconds: Self.now.milliseconds - seconds * 1000)
        #expect(MomentWords.agoWords(moment, at: Self.now) == words)
    }

    @Test(arguments: [
        (Timestamp.earliest, "1 January 1"), (Timestamp.latest, "31 December 9999"), (now, "26 November 2026"),
    ])
    func aDayIsSaidInWords(moment: Timestamp, words: String) {
        #expect(MomentWords.dayWords(moment) == words)
    }

    @Test func theAgeOfTheEarliestMomentIsNoTrap() {
        #expect(MomentWords.agoWords(.earliest, at: .latest) == "on 1 January 1")
    }
}
