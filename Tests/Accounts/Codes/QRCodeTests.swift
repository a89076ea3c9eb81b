import CQREncode
import Foundation
import Testing

@testable import OffstageAccounts

/// Where libqrencode is; without it there is no picture.
@Suite struct QRCodeTests {
    private static let isThere = offstage_qr_load() == 0

    /// Black modules, read back from the path: row, then column.
    private static func modules(of svg: String) throws -> (side: Int, black: Set<[Int]>) {
        let side = try #require(
            svg.firstMatch(of: try Regex(#"viewBox="0 0 (\d+) \1""#, as: (Substring, Substring).self))
        )
        var black: Set<[Int]> = []
        let runs = svg.matches(
            of: try Regex(#"M(\d+) (\d+)h(\d+)v1h-\3z"#, as: (Substring, Substring, Substring, Substring).self)
        )
        for run in runs {
            let (x, y, width) = (Int(run.1) ?? 0, Int(run.2) ?? 0, Int(run.3) ?? 0)
            for column in x..<(x + width) { black.insert([y, column]) }
        }
        return (Int(side.1) ?? 0, black)
    }

    @Test(.enabled(if: isThere, "libqrencode is not here"))
    func thePictureHasItsMarksAndItsQuietZone() throws {
        let svg = try #require(
            QRCode.svg(of: "otpauth://totp/Shop:ada?secret=GEZDGNBVGY3TQOJQ", label: "For \"<you>\" & me")
        )
        let (side, black) = try Self.modules(of: svg)
        #expect((side - 8 - 17) % 4 == 0)
        #expect(black.allSatisfy { $0.allSatisfy { (4..<(side - 4)).contains($0) } })
        // The three finder patterns (ISO/IEC 18004, section 5.3.2.1).
        for (top, left) in [(4, 4), (4, side - 11), (side - 11, 4)] {
            for row in 0..<7 {
                for column in 0..<7 {
                    let ring = max(abs(row - 3), abs(column - 3))
                    #expect(black.contains([top + row, left + column]) == (ring != 2))
                }
            }
        }
        // The timing pattern (section 5.3.4).
        for column in 12..<(side - 12) { #expect(black.contains([10, column]) == (column % 2 == 0)) }
        #expect(svg.contains(#"role="img" aria-label="For &quot;&lt;you&gt;&quot; &amp; me""#))
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>"))
        for forbidden in ["style", "script", "href", "class"] { #expect(!svg.contains(forbidden)) }
        #expect(svg.components(separatedBy: "<path").count == 2)
    }

    @Test(.enabled(if: isThere, "libqrencode is not here"))
    func anotherTextIsAnotherPicture() {
        #expect(QRCode.svg(of: "a") != QRCode.svg(of: "b"))
        #expect(QRCode.svg(of: "a\0b") != QRCode.svg(of: "a"))
    }

    @Test func whatIsTooLongHasNoPicture() {
        #expect((QRCode.svg(of: String(repeating: "a", count: 1024)) != nil) == Self.isThere)
        #expect(QRCode.svg(of: String(repeating: "a", count: 1025)) == nil)
        #expect(QRCode.svg(of: "") == nil)
    }
}
