/// A format that rows of records come in.
package enum ImportFormat: String, Sendable, CaseIterable {
    /// RFC 4180 with a header line.
    case csv
    /// One JSON object a line.
    case ndjson
    /// One JSON array of objects.
    case json

    /// The format of a file by its name's ending, in any case: `.csv` (`.tsv`, `.txt`), `.ndjson` (`.jsonl`), `.json`.
    package init?(fileName: some StringProtocol) {
        guard let dot = fileName.lastIndex(of: ".") else { return nil }
        switch fileName[fileName.index(after: dot)...].lowercased() {
        case "csv", "tsv", "txt": self = .csv
        case "ndjson", "jsonl": self = .ndjson
        case "json": self = .json
        default: return nil
        }
    }

    /// The format of a body by its media type (RFC 9110, section 8.3.1); parameters such as `charset` are passed over.
    package init?(mediaType: some StringProtocol) {
        let essence = String(mediaType.prefix { $0 != ";" }).filter { $0 != " " && $0 != "\t" }.lowercased()
        switch essence {
        case "text/csv", "application/csv", "text/tab-separated-values": self = .csv
        case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines":
            self = .ndjson
        case "application/json": self = .json
        default: return nil
        }
    }

    /// What an answer in this format is called in `Content-Type`.
    package var mediaType: String {
        switch self {
        case .csv: "text/csv; charset=utf-8; header=present"
        case .ndjson: "application/x-ndjson"
        case .json: "application/json"
        }
    }
}
