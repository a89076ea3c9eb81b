import OffstageSchema
import Testing

@Suite struct CalendarDateTests {
    @Test func everyDayOfFourCenturiesReadsBack() throws {
        let first = try #require(CalendarDate(year: 1899, month: 12, day: 31))
        var before = first.components
        for days in (first.days + 1)...(first.days + 146_098) {
            let date = CalendarDate(days: days)
            let (year, month, day) = date.components
            let isNextDay =
                (year, month, day) == (before.year, before.month, before.day + 1)
                || (year, month, day) == (before.year, before.month + 1, 1)
                || (year, month, day) == (before.year + 1, 1, 1)
            guard isNextDay, CalendarDate(year: year, month: month, day: day) == date,
                CalendarDate(date.description) == date
            else {
                Issue.record("\(date) does not follow \(before)")
                return
            }
            before = (year, month, day)
        }
    }

    @Test(arguments: [
        ("0001-01-01", -719_162), ("1969-12-31", -1), ("1970-01-01", 0), ("2000-02-29", 11_016), ("2026-11-22", 20_779),
        ("9999-12-31", 2_932_896),
    ])
    func countsDays(text: String, days: Int) {
        #expect(CalendarDate(text)?.days == days)
        #expect(CalendarDate(days: days).description == text)
    }

    @Test(arguments: [
        "", "0000-01-01", "2026-00-01", "2026-13-01", "2026-02-29", "2026-02-30", "1900-02-29", "2026-04-31",
        "2026-11-00", "2026-1-1", "26-01-01",
        "2026/11/22", "2026-11-22 ", " 2026-11-22", "2026-11-2x", "+026-11-22", "20261122", "10000-01-01", "２026-11-2",
    ])
    func refuses(text: String) {
        #expect(CalendarDate(text) == nil)
    }
}

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01t00:00:00.001z", 1), ("1970-01-01 01:00:00+01:00", 0),
            ("1969-12-31T19:00:00-05:00", 0),
            ("1969-12-31T23:59:59.999Z", -1), ("2026-11-22T16:50:00.1Z", 1_795_366_200_100),
            ("2026-11-22T16:50:00.120000Z", 1_795_366_200_120),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
            ("0001-01-01T23:59:00+23:59", -62_135_596_800_000), ("1970-01-01T00:00:00-00:00", 0),
        ] as [(String, Int64)]
    )
    func reads(text: String, milliseconds: Int64) throws {
        #expect(try Timestamp(text).milliseconds == milliseconds)
    }

    @Test(arguments: [
        ("", Timestamp.Refusal.notAMoment), ("2026-11-22", .notAMoment), ("2026-11-22T24:00:00Z", .notAMoment),
        ("2026-11-22T23:60:00Z", .notAMoment),
        ("2026-11-22T23:59:60Z", .notAMoment), ("2026-11-22T23:59Z", .notAMoment), ("2026-11-22T23:59:5Z", .notAMoment),
        ("2026-11-22T23:59:59.Z", .notAMoment),
        ("2026-11-22T23:59:59+0100", .notAMoment), ("2026-11-22T23:59:59+24:00", .notAMoment),
        ("2026-11-22T23:59:59+01:60", .notAMoment),
        ("2026-11-22T23:59:59ZZ", .notAMoment), ("2026-11-22X23:59:59Z", .notAMoment),
        ("2026-02-30T00:00:00Z", .notAMoment),
        ("0001-01-01T00:00:00+00:01", .notAMoment), ("9999-12-31T23:59:59.999-00:01", .notAMoment),
        ("é026-11-22T00:00:00Z", .notAMoment),
        ("2026-11-22T23:59:59", .noOffset), ("2026-11-22T23:59:59.5", .noOffset),
        ("2026-11-22T23:59:59.1234Z", .tooFine),
        ("2026-11-22T23:59:59.0000000001Z", .tooFine),
    ])
    func refuses(text: String, refusal: Timestamp.Refusal) {
        #expect(throws: refusal) { try Timestamp(text) }
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00", 0), ("1970-01-01 00:01", 60_000), ("1970-01-01T00:00:01", 1000),
            ("1970-01-01T01:00+01:00", 0),
        ] as [(String, Int64)]
    )
    func takesAFormsTextAsUTC(text: String, milliseconds: Int64) throws {
        #expect(try Timestamp(text, assumingUTC: true).milliseconds == milliseconds)
    }

    @Test func readsBackWhatItShows() throws {
        var numbers = SeededNumbers(seed: 5)
        for _ in 0..<20_000 {
            let range = Timestamp.earliest.milliseconds...Timestamp.latest.milliseconds
            let moment = Timestamp(milliseconds: .random(in: range, using: &numbers))
            #expect(try Timestamp(moment.description) == moment)
        }
    }

    @Test(arguments: [Int64.min, Timestamp.earliest.milliseconds - 1, Timestamp.latest.milliseconds + 1, .max])
    func showsMomentsOutOfRangeWithoutTrapping(milliseconds: Int64) {
        #expect(Timestamp(milliseconds: milliseconds).description.utf8.count == 24)
    }
}
