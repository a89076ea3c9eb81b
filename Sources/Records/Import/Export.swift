package import OffstageSchema

/// A format that records leave in.
package enum ExportFormat: String, Sendable, CaseIterable {
    case csv
    case ndjson
    case json
}

/// Writes records in a format, some at a time: the header once, then as many records as there are, then the footer.
package struct ExportRows: Sendable {
    private let collection: Collection
    private let format: ExportFormat
    private let json: RecordJSON
    private let columns: [CSVWriter.Column]

    /// - Parameters:
    ///   - fields: the names that are wanted; nil for all.
    ///   - hidden: whether fields that the API does not show are among them; for the team alone.
    package init(_ collection: Collection, _ format: ExportFormat, fields: [String]? = nil, hidden: Bool = false) {
        self.collection = collection
        self.format = format
        json = RecordJSON(collection, fields: fields, hidden: hidden)
        columns = CSVWriter.columns(of: collection) { $0.readable != .nobody || hidden }.filter { column in
            fields?.contains(Self.name(of: column, collection)) ?? true
        }
    }

    private static func name(of column: CSVWriter.Column, _ collection: Collection) -> String {
        switch column {
        case .id: "id"
        case .field(let position): collection.fields[position].name
        case .created: "created"
        case .updated: "updated"
        case .version: "version"
        }
    }

    package var header: [UInt8] {
        switch format {
        case .csv:
            var writer = CSVWriter(columns, of: collection)
            writer.writeHeader()
            return writer.bytes
        case .ndjson: return []
        case .json: return [UInt8(ascii: "[")]
        }
    }

    /// - Parameter isFirst: whether these are the first records of the export.
    package func bytes(_ records: [Record], isFirst: Bool = false) -> [UInt8] {
        if format == .csv {
            var writer = CSVWriter(columns, of: collection)
            for record in records { writer.write(record) }
            return writer.bytes
        }
        var writer = JSONWriter(capacity: records.count * 256)
        for (index, record) in records.enumerated() {
            if format == .json, !isFirst || index > 0 { writer.raw(",\n") }
            json.write(record, to: &writer)
            if format == .ndjson { writer.raw("\n") }
        }
        return writer.bytes
    }

    package var footer: [UInt8] {
        format == .json ? Array("]\n".utf8) : []
    }
}
