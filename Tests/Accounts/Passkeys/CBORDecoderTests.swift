import Foundation
import OffstageSchema
import Testing

@testable import OffstageAccounts

@Suite struct CBORDecoderTests {
    private static func bytes(_ hex: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = hex[...]
        while let byte = UInt8(rest.prefix(2), radix: 16) {
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    private static func refusal(_ bytes: [UInt8]) -> String? {
        do throws(CBORDecoder.Refusal) {
            _ = try CBORDecoder.decode(bytes)
            return nil
        } catch {
            return error.reason
        }
    }

    /// RFC 8949, appendix A.
    @Test(
        arguments: [
            ("00", .unsigned(0)), ("17", .unsigned(23)), ("1818", .unsigned(24)), ("1903e8", .unsigned(1000)),
            ("1a000f4240", .unsigned(1_000_000)), ("1bffffffffffffffff", .unsigned(.max)), ("20", .negative(0)),
            ("3863", .negative(99)), ("3bffffffffffffffff", .negative(.max)), ("f90000", .float(0)),
            ("f93c00", .float(1)), ("f97bff", .float(65504)), ("f90001", .float(5.960464477539063e-8)),
            ("f90400", .float(0.00006103515625)), ("f9c400", .float(-4)), ("fa47c35000", .float(100_000)),
            ("fb3ff199999999999a", .float(1.1)), ("f97c00", .float(.infinity)), ("f9fc00", .float(-.infinity)),
            ("f4", .boolean(false)), ("f5", .boolean(true)), ("f6", .null), ("f7", .undefined), ("f0", .simple(16)),
            ("f8ff", .simple(255)), ("c11a514b67b0", .tagged(1, .unsigned(1_363_896_240))), ("40", .bytes([])),
            ("4401020304", .bytes([1, 2, 3, 4])), ("60", .text("")), ("6449455446", .text("IETF")),
            ("62c3bc", .text("ü")), ("64f0908591", .text("𐅑")), ("80", .array([])),
            (
                "8301820203820405",
                .array([.unsigned(1), .array([.unsigned(2), .unsigned(3)]), .array([.unsigned(4), .unsigned(5)])])
            ),
            ("a0", .map([:])), ("a201020304", .map([.integer(1): .unsigned(2), .integer(3): .unsigned(4)])),
            (
                "a26161016162820203",
                .map([
                    .text(ExactText("a")): .unsigned(1), .text(ExactText("b")): .array([.unsigned(2), .unsigned(3)]),
                ])
            ),
            // Not in its shortest form.
            ("1800", .unsigned(0)), ("1b0000000000000001", .unsigned(1)),
        ] as [(String, CBOR)]
    )
    func theExamplesOfTheSpecificationAreRead(hex: String, value: CBOR) throws {
        #expect(try CBORDecoder.decode(Self.bytes(hex)) == value)
    }

    /// RFC 8949, appendix F, and what is left out here.
    @Test(arguments: [
        ("", "it ends too early"), ("18", "it ends too early"), ("1b00000000000000", "it ends too early"),
        ("1c", "a first byte is reserved"), ("fe", "a first byte is reserved"), ("5f", "a length is not definite"),
        ("9f01ff", "a length is not definite"), ("bfff", "a length is not definite"),
        ("ff", "a length is not definite"),
        ("f81f", "a simple value is not in its one form"), ("0000", "something follows the value"),
        ("61ff", "a text is not UTF-8"), ("62c328", "a text is not UTF-8"), ("a201000100", "a key stands twice"),
        ("a2616100616100", "a key stands twice"), ("a2010018010f", "a key stands twice"),
        ("a14000", "a key is neither a whole number nor a text"),
        ("a1f500", "a key is neither a whole number nor a text"),
        ("a11bffffffffffffffff00", "a key is too large a number"),
        ("41", "it ends before 1 parts are there"), ("8201", "it ends before 2 parts are there"),
        ("a101", "it ends before 1 parts are there"), ("5a7fffffff00", "it ends before 2147483647 parts are there"),
        ("5bffffffffffffffff", "it ends before 18446744073709551615 parts are there"),
        ("9b7fffffffffffffff00", "it ends before 9223372036854775807 parts are there"),
        ("bbffffffffffffffff", "it ends before 18446744073709551615 parts are there"),
        ("c1", "it ends too early"),
    ])
    func whatIsNotWellFormedIsRefused(hex: String, reason: String) {
        #expect(Self.refusal(Self.bytes(hex)) == reason)
    }

    @Test func keysThatLookAlikeAreTwo() throws {
        let two = CBORText.map([(CBORText.text("\u{e9}"), [1]), (CBORText.text("e\u{301}"), [2])])
        guard case .map(let members) = try CBORDecoder.decode(two) else { return #expect(Bool(false)) }
        #expect(members.count == 2)
    }

    @Test(arguments: [[0x81], [0xa1, 0x00], [0xc1]] as [[UInt8]])
    func nestingHasABound(opening: [UInt8]) {
        func nested(_ depth: Int) -> [UInt8] { (0..<depth).flatMap { _ in opening } + [0] }
        #expect(Self.refusal(nested(16)) == nil)
        #expect(Self.refusal(nested(17)) == "it nests deeper than 16")
        #expect(Self.refusal(nested(20_000)) == "it nests deeper than 16")
    }

    @Test func lengthHasABound() {
        #expect(Self.refusal(CBORText.bytes([UInt8](repeating: 0, count: 65_536 - 5))) == nil)
        #expect(Self.refusal([UInt8](repeating: 0x80, count: 65_537)) == "there are more than 65536 bytes")
    }

    @Test func theFirstValueLeavesTheRest() throws {
        let bytes: [UInt8] = [9, 9, 0x82, 1, 2, 7, 7]
        let (value, length) = try CBORDecoder.decodeFirst(bytes[2...])
        #expect(value == .array([.unsigned(1), .unsigned(2)]))
        #expect(length == 3)
    }

    @Test func whatIsCutIsRefusedAndAnyBytesEnd() {
        let whole = CBORText.map([
            (CBORText.text("fmt"), CBORText.text("none")), (CBORText.integer(-3), CBORText.bytes([1, 2, 3])),
            (CBORText.integer(4), [0x82, 0xf5, 0xfb, 1, 2, 3, 4, 5, 6, 7, 8]),
        ])
        #expect(Self.refusal(whole) == nil)
        for length in whole.indices { #expect(Self.refusal(Array(whole.prefix(length))) != nil) }
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50_000 {
            let count = Int.random(in: 0...40, using: &generator)
            _ = Self.refusal((0..<count).map { _ in .random(in: 0...255, using: &generator) })
        }
        for _ in 0..<20_000 {
            var other = whole
            other[Int.random(in: other.indices, using: &generator)] = .random(in: 0...255, using: &generator)
            _ = Self.refusal(other)
        }
    }
}
