import Crypto
import FoundationEssentials
package import OffstageSchema

/// The codes of authenticator apps: TOTP (RFC 6238) with HMAC-SHA-1, six digits and steps of 30 seconds, which all apps
/// know.
package enum TOTP {
    package static let digits = 6
    /// Seconds.
    package static let period: Int64 = 30
    /// Steps before and after the present one whose codes are taken, for clocks that go wrong (RFC 6238, section 5.2).
    private static let window: Int64 = 1
    /// RFC 4226, section 4, R6.
    private static let secretBytes = 20

    package static func newSecret(random: @Sendable (Int) -> [UInt8] = RandomBytes.system) -> [UInt8] {
        random(secretBytes)
    }

    /// The step that a moment is in, counted from 1970.
    package static func step(at moment: Timestamp) -> Int64 {
        let seconds = moment.milliseconds / 1000
        return max(0, seconds / period)
    }

    /// The code of a step: RFC 4226, section 5.3.
    package static func code(of step: Int64, secret: [UInt8], digits: Int = TOTP.digits) -> String {
        let counter = withUnsafeBytes(of: step.bigEndian) { Array($0) }
        let key = SymmetricKey(data: secret)
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: key))
        let offset = Int((mac.last ?? 0) & 0xf)
        let number = mac.dropFirst(offset).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let text = String(number)
        return String((String(repeating: "0", count: max(0, digits - text.count)) + text).suffix(digits))
    }

    /// The step whose code this is: the present one, the one before or the one after.
    ///
    /// - Parameters:
    ///   - code: as it was typed; spaces in it do not matter.
    ///   - lastStep: the step whose code was taken last. Only a later one is, so that nobody uses a code that somebody else
    ///     has used (RFC 6238, section 5.2).
    /// - Returns: the step, to be kept as the last; nil when the code is wrong or was used.
    package static func step(
        of code: String,
        at moment: Timestamp,
        secret: [UInt8],
        after lastStep: Int64?
    ) -> Int64? {
        let typed = code.unicodeScalars.filter { !$0.properties.isWhitespace }.map { UInt32($0) }
        guard typed.count == digits, typed.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let bytes = typed.map { UInt8(truncatingIfNeeded: $0) }
        let present = step(at: moment)
        var matched: Int64?
        // All are compared, whichever matches. A code can be that of two steps; the later is what must not be used again.
        for step in (present - window)...(present + window) where step >= 0 {
            let isSame = ConstantTime.areEqual(bytes, Array(Self.code(of: step, secret: secret).utf8))
            if isSame, step > lastStep ?? -1 { matched = step }
        }
        return matched
    }

    /// What the picture for an authenticator app says: the "Key URI Format" of Google Authenticator.
    ///
    /// - Parameters:
    ///   - issuer: the app's name. Neither it nor the account may hold a colon there; colons are left out.
    ///   - account: the account's mail address.
    package static func otpauthURI(secret: [UInt8], issuer: String, account: String) -> String {
        let issuer = encoded(issuer)
        return "otpauth://totp/\(issuer):\(encoded(account))?secret=\(Base32.encode(secret))&issuer=\(issuer)"
            + "&algorithm=SHA1&digits=\(digits)&period=\(period)"
    }

    /// Percent-encodes all but the unreserved characters (RFC 3986, section 2.3).
    private static func encoded(_ text: String) -> String {
        let digits: StaticString = "0123456789ABCDEF"
        var bytes: [UInt8] = []
        for byte in text.utf8 where byte != UInt8(ascii: ":") {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes.append(contentsOf: [
                    UInt8(ascii: "%"), digits.utf8Start[Int(byte >> 4)], digits.utf8Start[Int(byte & 0xf)],
                ])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
