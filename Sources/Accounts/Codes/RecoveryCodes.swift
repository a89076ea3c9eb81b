import Crypto
import FoundationEssentials
import OffstageSchema

/// Codes on paper, each of which stands in once for a lost authenticator: `7d3k-x0qm-9gyw`, 60 random bits in the alphabet
/// of Crockford's Base 32 (www.crockford.com/base32.html), which has no i, l, o and u.
package enum RecoveryCodes {
    package static let count = 10
    private static let characters = 12
    private static let alphabet: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"

    /// Ten codes, all different.
    package static func make(random: @Sendable (Int) -> [UInt8] = RandomBytes.system) -> [String] {
        var codes: [String] = []
        // Two alike are as good as impossible; a source that repeats itself ends with fewer.
        for _ in 0..<count {
            let code = code(of: random(characters))
            if !codes.contains(code) { codes.append(code) }
        }
        return codes
    }

    /// Five bits of each byte make a character.
    private static func code(of bytes: [UInt8]) -> String {
        let characters = bytes.map { alphabet.utf8Start[Int($0 & 0x1f)] }
        return stride(from: 0, to: characters.count, by: 4).map { start in
            String(decoding: characters[start..<min(start + 4, characters.count)], as: UTF8.self)
        }.joined(separator: "-")
    }

    /// The twelve characters that somebody meant: capital letters are small ones, `o` is 0, `i` and `l` are 1, spaces and
    /// dashes do not matter. Nil for what cannot be a code.
    static func normalized(_ typed: String) -> String? {
        guard typed.utf8.count <= 128 else { return nil }
        var characters: [UInt8] = []
        for scalar in typed.unicodeScalars {
            if scalar.properties.isWhitespace || scalar.properties.generalCategory == .dashPunctuation { continue }
            guard scalar.isASCII else { return nil }
            let byte = UInt8(truncatingIfNeeded: scalar.value)
            let small = (0x41...0x5a).contains(byte) ? byte + 0x20 : byte
            switch small {
            case UInt8(ascii: "o"): characters.append(UInt8(ascii: "0"))
            case UInt8(ascii: "i"), UInt8(ascii: "l"): characters.append(UInt8(ascii: "1"))
            case UInt8(ascii: "u"): return nil
            case 0x30...0x39, 0x61...0x7a: characters.append(small)
            default: return nil
            }
        }
        return characters.count == Self.characters ? String(decoding: characters, as: UTF8.self) : nil
    }

    /// What is kept of a code and compared: SHA-256 of its purpose, its account and its characters, as base64url. 60 bits
    /// that are random cannot be tried through, and the account keeps one try from counting for all accounts.
    ///
    /// - Parameters:
    ///   - typed: a code as it was made, or as somebody types it.
    ///   - account: the id of the account.
    /// - Returns: nil for what cannot be a code.
    package static func hash(of typed: String, account: String) -> String? {
        guard let code = normalized(typed) else { return nil }
        return Base64URL.encode(Array(SHA256.hash(data: Array("recovery code:\(account):\(code)".utf8))))
    }
}
