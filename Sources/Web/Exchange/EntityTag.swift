import OffstageRecords
import OffstageSchema
import HTTPTypes

/// Entity tags (RFC 9110, section 8.8.3).
enum EntityTag {
    /// A record's is its version in quotes. Where some of its members are hidden from whoever asks, which ones is a part of it:
    /// `"3-5"` is version 3 without the first and the third field, a bit each in hexadecimal digits. So nobody is told that
    /// they have it already when they may see more, or less, than before.
    static func of(_ record: Record, in collection: Collection) -> String {
        // A member that is nobody's to read is missing from every copy.
        let hidden = record.hidden.filter { collection.fields[$0].readable != .nobody }
        guard let last = hidden.max() else { return "\"\(record.version)\"" }
        var digits = [UInt8](repeating: 0, count: last / 4 + 1)
        for position in hidden { digits[last / 4 - position / 4] |= 1 << UInt8(position % 4) }
        return "\"\(record.version)-\(digits.map { String($0, radix: 16) }.joined())\""
    }

    /// The version in a record's tag, nil for what is none. What its caller may see makes no difference to what is stored.
    private static func version(_ tag: String) -> Int64? {
        guard tag.count > 2, tag.hasPrefix("\""), tag.hasSuffix("\"") else { return nil }
        let parts = tag.dropFirst().dropLast().split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        }
        return Int64(parts[0])
    }

    /// Of what does not change while the server runs: its length and a hash.
    static func of(_ bytes: [UInt8]) -> String {
        var fingerprint = RepeatKey.Fingerprint()
        fingerprint.add(bytes)
        let hash = UInt64(bitPattern: fingerprint.value)
        return "\"\(String(bytes.count, radix: 36))-\(String(hash, radix: 36))\""
    }

    /// Whether an If-None-Match names the tag, compared weakly.
    static func list(_ header: String, names tag: String) -> Bool {
        header.split(separator: ",").contains { part in
            var candidate = part.filter { $0 != " " && $0 != "\t" }
            if candidate == "*" { return true }
            if candidate.hasPrefix("W/") { candidate.removeFirst(2) }
            return candidate == tag
        }
    }

    /// What If-Match and If-None-Match ask of the stored record.
    static func precondition(_ headers: HTTPFields) -> Precondition {
        if let header = headers[.ifMatch] {
            let tags = header.split(separator: ",").map { $0.filter { $0 != " " && $0 != "\t" } }
            if tags.contains("*") { return .exists }
            return .version(Set(tags.compactMap(version)))
        }
        if headers[.ifNoneMatch]?.filter({ $0 != " " }) == "*" { return .absent }
        return .none
    }
}
