import OffstageSchema
import Testing

@testable import OffstageAccounts

@Suite struct TOTPTests {
    private static let secret = Array("12345678901234567890".utf8)

    private static func moment(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }

    /// RFC 6238, appendix B, with SHA-1.
    @Test(
        arguments: [
            (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
        ] as [(Int64, String)]
    )
    func theVectorsOfTheSpecificationHold(seconds: Int64, code: String) {
        let step = TOTP.step(at: Self.moment(seconds))
        #expect(TOTP.code(of: step, secret: Self.secret, digits: 8) == code)
        #expect(TOTP.code(of: step, secret: Self.secret) == String(code.suffix(6)))
        let found = TOTP.step(of: String(code.suffix(6)), at: Self.moment(seconds), secret: Self.secret, after: nil)
        #expect(found == step)
    }

    /// RFC 4226, appendix D.
    @Test func theVectorsOfHOTPHold() {
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
        ]
        #expect((0..<10).map { TOTP.code(of: $0, secret: Self.secret) } == codes)
    }

    @Test func oneStepBeforeAndAfterIsTaken() {
        let now = Self.moment(3000)
        for (step, isTaken) in [(98, false), (99, true), (100, true), (101, true), (102, false)] as [(Int64, Bool)] {
            let code = TOTP.code(of: step, secret: Self.secret)
            #expect(TOTP.step(of: code, at: now, secret: Self.secret, after: nil) == (isTaken ? step : nil))
        }
    }

    @Test func aCodeIsTakenOnce() {
        let now = Self.moment(3000)
        let code = TOTP.code(of: 100, secret: Self.secret)
        #expect(TOTP.step(of: code, at: now, secret: Self.secret, after: 99) == 100)
        #expect(TOTP.step(of: code, at: now, secret: Self.secret, after: 100) == nil)
        #expect(TOTP.step(of: code, at: now, secret: Self.secret, after: 101) == nil)
        let earlier = TOTP.code(of: 99, secret: Self.secret)
        #expect(TOTP.step(of: earlier, at: now, secret: Self.secret, after: 100) == nil)
    }

    @Test(arguments: ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "-12345", "+12345", "000000"])
    func whatIsNoCodeIsRefused(code: String) {
        #expect(TOTP.step(of: code, at: Self.moment(59), secret: Self.secret, after: nil) == nil)
    }

    @Test func spacesInACodeDoNotMatter() {
        #expect(TOTP.step(of: " 287 082\n", at: Self.moment(59), secret: Self.secret, after: nil) == 1)
    }

    @Test func anyMomentAndSecretIsBorne() {
        for moment in [Timestamp.earliest, .latest, Timestamp(milliseconds: .min), Timestamp(milliseconds: .max)] {
            _ = TOTP.step(of: "000000", at: moment, secret: [], after: .max)
            _ = TOTP.step(of: "000000", at: moment, secret: Self.secret, after: .min)
        }
    }

    @Test func aSecretHas160Bits() {
        #expect(TOTP.newSecret().count == 20)
        #expect(TOTP.newSecret() != TOTP.newSecret())
    }

    @Test func theAddressIsEncoded() {
        #expect(
            TOTP.otpauthURI(secret: Self.secret, issuer: "Käse: & Co", account: "ada+x@shop.example")
                == "otpauth://totp/K%C3%A4se%20%26%20Co:ada%2Bx%40shop.example"
                + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=K%C3%A4se%20%26%20Co"
                + "&algorithm=SHA1&digits=6&period=30"
        )
    }
}
