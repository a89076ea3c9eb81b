/// Writes records as CSV (RFC 4180): a header line, lines that end with CRLF, quotes where they are needed.
///
/// Cells are what the JSON of the record shows, without its quotes; lists and values of json fields are JSON text. Null
/// is an empty cell, the empty text is `""`. Texts that a spreadsheet would run as a formula are guarded
/// (`FormulaGuard`). `RowReader` reads all of it back exactly; only a file of one single column loses its null rows, which
/// are blank lines.
package struct CSVWriter: Sendable {
    /// One column of the file.
    package enum Column: Hashable, Sendable {
        case id
        /// A position in the collection's fields.
        case field(Int)
        case created, updated, version
    }

    package private(set) var bytes: [UInt8] = []

    private let columns: [Column]
    private let names: [String]

    /// The columns of whole records, in the order of their JSON: id, the fields, created, updated, version.
    ///
    /// - Parameter isShown: which fields the reader of the file may see; all but those that are nobody's unless given.
    package static func columns(of collection: Collection, where isShown: (Field) -> Bool = { $0.readable != .nobody })
        -> [Column]
    {
        let fields = collection.fields.indices.filter { isShown(collection.fields[$0]) }
        return [.id] + fields.map { .field($0) } + [.created, .updated, .version]
    }

    /// - Parameter columns: positions in them must be of the collection's fields; others become empty cells.
    package init(_ columns: [Column], of collection: Collection) {
        self.columns = columns
        names = columns.map { column in
            switch column {
            case .id: "id"
            case .field(let position):
                collection.fields.indices.contains(position) ? collection.fields[position].name : ""
            case .created: "created"
            case .updated: "updated"
            case .version: "version"
            }
        }
    }

    package mutating func writeHeader() {
        for (index, name) in names.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            writeCell(name)
        }
        endLine()
    }

    package mutating func write(_ record: Record) {
        for (index, column) in columns.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            switch column {
            case .id: write(plain: record.id.description)
            case .field(let position):
                if record.values.indices.contains(position) { write(record.values[position]) }
            case .created: write(plain: record.created.description)
            case .updated: write(plain: record.updated.description)
            case .version: write(plain: String(record.version))
            }
        }
        endLine()
    }

    /// Gives the bytes away and starts anew, so that a long file can leave in parts.
    package mutating func takeBytes() -> [UInt8] {
        defer {
            bytes = []
            bytes.reserveCapacity(16 * 1024)
        }
        return bytes
    }

    private mutating func write(_ value: Value) {
        switch value {
        case .null: break
        case .text(let text): writeCell(text)
        case .decimal(let decimal): write(plain: decimal.description)
        case .date(let date): write(plain: date.description)
        case .datetime(let moment): write(plain: moment.description)
        case .identifier(let id): write(plain: id.description)
        case .boolean, .integer, .number, .json, .list:
            var writer = JSONWriter()
            writer.write(value)
            writer.bytes.withUnsafeBufferPointer { writeCell($0, isGuarded: false) }
        }
    }

    private mutating func writeCell(_ text: String) {
        var text = text
        text.withUTF8 { writeCell($0, isGuarded: FormulaGuard.guards($0)) }
    }

    private mutating func writeCell(_ text: UnsafeBufferPointer<UInt8>, isGuarded: Bool) {
        let isQuoted = Self.needsQuotes(text)
        if isQuoted { bytes.append(UInt8(ascii: "\"")) }
        if isGuarded { bytes.append(FormulaGuard.apostrophe) }
        if isQuoted {
            for byte in text {
                if byte == UInt8(ascii: "\"") { bytes.append(byte) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        } else {
            bytes.append(contentsOf: text)
        }
    }

    /// Spaces at the ends need none by the RFC, but programs that trim cells leave those in quotes alone.
    private static func needsQuotes(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = text.first, let last = text.last else { return true }
        if first == UInt8(ascii: " ") || last == UInt8(ascii: " ") { return true }
        return text.contains { byte in
            // Spreadsheets of some countries take these two for the separator, and what follows for a cell.
            byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == 0x09
                || byte == UInt8(ascii: "\"") || byte == 0x0a || byte == 0x0d
        }
    }

    /// A text that needs no quotes.
    private mutating func write(plain text: String) {
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    private mutating func endLine() {
        bytes.append(0x0d)
        bytes.append(0x0a)
    }
}
