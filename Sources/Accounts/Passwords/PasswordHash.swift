import CArgon2
package import OffstageSchema

/// Argon2id (RFC 9106), through libargon2, in its usual text form
/// `$argon2id$v=19$m=<KiB>,t=<passes>,p=<lanes>$<salt>$<hash>`.
package enum PasswordHash {
    package struct Parameters: Hashable, Sendable {
        /// KiB.
        package let memory: UInt32
        package let passes: UInt32
        package let lanes: UInt32

        package init(memory: UInt32, passes: UInt32, lanes: UInt32) {
            self.memory = memory
            self.passes = passes
            self.lanes = lanes
        }

        /// The OWASP Password Storage Cheat Sheet's: 19 MiB, two passes, one lane.
        package static let current = Parameters(memory: 19_456, passes: 2, lanes: 1)
    }

    /// Bytes (RFC 9106, section 3.1, recommends 16; section 4 has tags of 32).
    static let saltBytes = 16
    static let hashBytes = 32

    /// - Parameters:
    ///   - password: normalized (`PasswordText`).
    ///   - salt: 16 random bytes.
    /// - Throws: `.unavailable` when there is no memory for it.
    package static func make(
        _ password: String,
        salt: [UInt8],
        parameters: Parameters = .current
    ) throws(Failure) -> String {
        let password = Array(password.utf8)
        let length = argon2_encodedlen(
            parameters.passes,
            parameters.memory,
            parameters.lanes,
            UInt32(clamping: salt.count),
            UInt32(hashBytes),
            Argon2_id
        )
        var encoded = [CChar](repeating: 0, count: length)
        let code = argon2id_hash_encoded(
            parameters.passes,
            parameters.memory,
            parameters.lanes,
            password,
            password.count,
            salt,
            salt.count,
            hashBytes,
            &encoded,
            length
        )
        guard code == ARGON2_OK.rawValue else { throw failure(code) }
        return String(decoding: encoded.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Whether the password is the one that was hashed. The hashes are compared in constant time, by libargon2.
    ///
    /// - Throws: `.internalError` when what is kept is no such text, or asks for more work than any of ours;
    ///   `.unavailable` when there is no memory for it.
    package static func verify(_ password: String, _ encoded: String) throws(Failure) -> Bool {
        guard EncodedHash(encoded) != nil else { throw damaged("it is not an Argon2id hash within the bounds") }
        let password = Array(password.utf8)
        let code = argon2_verify(encoded, password, password.count, Argon2_id)
        switch code {
        case ARGON2_OK.rawValue: return true
        case ARGON2_VERIFY_MISMATCH.rawValue: return false
        default: throw failure(code)
        }
    }

    /// Whether a hash was made with less work than is usual now, so that it is made anew when the password is next there.
    package static func needsRehash(_ encoded: String) -> Bool {
        guard let hash = EncodedHash(encoded) else { return true }
        let current = Parameters.current
        return hash.parameters.memory < current.memory || hash.parameters.passes < current.passes
            || hash.parameters.lanes < current.lanes || hash.saltBytes < saltBytes || hash.hashBytes < hashBytes
    }

    private static func failure(_ code: Int32) -> Failure {
        let reason = argon2_error_message(code).map { String(cString: $0) } ?? "code \(code)"
        let lacks =
            code == ARGON2_MEMORY_ALLOCATION_ERROR.rawValue || code == ARGON2_THREAD_FAIL.rawValue
        guard lacks else { return damaged(reason) }
        return Failure(
            .unavailable,
            "The server has no memory left for this now. Try again.",
            operatorDetail: "Argon2: \(reason)",
            retryAfter: 5
        )
    }

    private static func damaged(_ reason: String) -> Failure {
        Failure(
            .internalError,
            "Something went wrong here, and it was not your request.",
            operatorDetail: "a password hash cannot be used: \(reason)"
        )
    }
}

/// What stands before the salt of a hash's text, and how long the salt and the hash are.
struct EncodedHash {
    let parameters: PasswordHash.Parameters
    let saltBytes: Int
    let hashBytes: Int

    /// Nil for anything but Argon2id, version 1.3, within bounds: what the database holds must not make the server take
    /// gigabytes or minutes.
    init?(_ encoded: String) {
        let parts = encoded.split(separator: "$", omittingEmptySubsequences: false)
        guard encoded.utf8.count <= 512, parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id", parts[2] == "v=19",
            let parameters = Self.parameters(parts[3]), let salt = Self.bytes(parts[4]),
            let hash = Self.bytes(parts[5]),
            (8...64).contains(salt), (16...64).contains(hash)
        else { return nil }
        self.parameters = parameters
        saltBytes = salt
        hashBytes = hash
    }

    private static func parameters(_ text: Substring) -> PasswordHash.Parameters? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 3, let memory = number(parts[0], "m="), let passes = number(parts[1], "t="),
            let lanes = number(parts[2], "p="), (8...1_048_576).contains(memory), (1...20).contains(passes),
            (1...16).contains(lanes)
        else { return nil }
        return PasswordHash.Parameters(memory: memory, passes: passes, lanes: lanes)
    }

    private static func number(_ text: Substring, _ name: String) -> UInt32? {
        guard text.hasPrefix(name) else { return nil }
        let digits = text.dropFirst(name.count)
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt32(digits)
    }

    /// How many bytes a base64 (RFC 4648, section 4) without padding has; the bits left over are libargon2's to check.
    private static func bytes(_ text: Substring) -> Int? {
        let isBase64 = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "+"), UInt8(ascii: "/"): true
            default: false
            }
        }
        return isBase64 && text.utf8.count % 4 != 1 ? text.utf8.count * 3 / 4 : nil
    }
}
