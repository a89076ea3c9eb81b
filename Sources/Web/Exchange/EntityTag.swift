import OffstageRecords
import OffstageSchema
import HTTPTypes

/// Entity tags (RFC 9110, section 8.8.3). A record's is its version in quotes.
enum EntityTag {
    static func of(_ record: Record) -> String { "\"\(record.version)\"" }

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
            return .version(
                Set(
                    tags.compactMap { tag in
                        tag.count > 2 && tag.hasPrefix("\"") && tag.hasSuffix("\"")
                            ? Int64(tag.dropFirst().dropLast()) : nil
                    }
                )
            )
        }
        if headers[.ifNoneMatch]?.filter({ $0 != " " }) == "*" { return .absent }
        return .none
    }
}
