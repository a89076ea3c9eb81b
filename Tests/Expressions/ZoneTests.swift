import Foundation
import Testing

@testable import OffstageExpressions

@Suite struct ZoneTests {
    static let folder = "/usr/share/zoneinfo/"
    static let names = [
        "Europe/Berlin", "America/New_York", "America/St_Johns", "Australia/Sydney", "Asia/Kathmandu",
        "Africa/Casablanca",
        "America/Nuuk", "Europe/Dublin", "Pacific/Apia", "Asia/Tehran", "America/Sao_Paulo", "UTC", "Antarctica/Troll",
    ].filter { FileManager.default.fileExists(atPath: folder + $0) }

    /// Against the system's own reading, one moment a month and a little, far into the future.
    @Test(.enabled(if: !names.isEmpty, "no tz database here"), arguments: names.isEmpty ? [""] : names)
    func aZoneFileAgreesWithTheSystem(_ name: String) throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: Self.folder + name))
        let zone = try #require(ZoneFile(Array(bytes)))
        let system = try #require(TimeZone(identifier: name))
        for month in 0..<780 {
            let seconds = Int64(month) * 2_629_746 + 12_345
            #expect(
                zone.offset(at: seconds) == system.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
            )
        }
    }

    @Test(arguments: [
        ("CET-1CEST,M3.5.0,M10.5.0/3", 2_505_000_000, 7200), ("CET-1CEST,M3.5.0,M10.5.0/3", 2_520_000_000, 3600),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", 2_527_000_000, 39_600), ("<-03>3", 0, -10_800), ("EST5", 0, -18_000),
        ("IST-2IDT,M3.4.4/26,M10.5.0", 2_505_000_000, 10_800),
    ])
    func aRuleGivesTheOffset(_ text: String, _ seconds: Int64, _ offset: Int) throws {
        #expect(try #require(ZoneRule(text)).offset(at: seconds) == offset)
    }

    @Test(arguments: [
        "", "X", "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M1.1.0", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,M10.5.0/3x",
    ])
    func aBadRuleIsNone(_ text: String) {
        #expect(ZoneRule(text) == nil)
    }

    @Test func brokenFilesAreNone() throws {
        #expect(ZoneFile([]) == nil)
        #expect(ZoneFile(Array("TZif2".utf8) + [UInt8](repeating: 255, count: 200)) == nil)
        guard let name = Self.names.first else { return }
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: Self.folder + name)))
        for length in stride(from: 0, to: bytes.count, by: 7) { _ = ZoneFile(Array(bytes[..<length])) }
    }
}
