/// Reads rows from CSV with a header line (RFC 4180).
///
/// The header names fields of the collection, each at most once, in any order; `id`, `created`, `updated` and `version`
/// may stand there too. Cells are separated by commas, or, where the header line has none, by the semicolons or tabs
/// that it has. An empty cell is nothing, `""` is the empty text of a text field; cells of fields with `many` are JSON
/// arrays. A row with a wrong count of cells, with something behind a closing quote or with bytes that are not UTF-8 is
/// one bad row. A header with an unknown name, a quote that is never closed and a row over the limit end the reading.
struct CSVReader: RowSource {
    private(set) var hasStopped = false

    private let collection: Collection
    private let rowBytesMax: Int
    /// What is known of the header line, until its end decides what separates cells.
    private var header = CSVHeader()
    private var tokenizer: CSVTokenizer?
    private var columns: [CSVColumn]?

    init(for collection: Collection, rowBytesMax: Int) {
        self.collection = collection
        self.rowBytesMax = rowBytesMax
    }

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, into rows: inout [ImportedRow]) {
        guard tokenizer == nil else { return tokenize(bytes, into: &rows) }
        guard let end = header.end(in: bytes) else {
            if header.bytes.count > rowBytesMax { stopForLength(at: 1, into: &rows) }
            return
        }
        startRows(into: &rows)
        tokenize(UnsafeBufferPointer(rebasing: bytes[end...]), into: &rows)
    }

    mutating func end(into rows: inout [ImportedRow]) {
        if tokenizer == nil { startRows(into: &rows) }
        guard !hasStopped, let (hasRow, openQuoteLine) = tokenizer?.end() else { return }
        if let line = openQuoteLine {
            return stop(ImportedRow(line: line, "a quote opened in this line is not closed"), into: &rows)
        }
        if hasRow { finishRow(into: &rows) }
        if columns == nil, !hasStopped {
            stop(ImportedRow(line: 1, "there must be a header line with the names of the columns"), into: &rows)
        }
    }

    /// Reads what was kept of the header line, now that it is known what separates its cells.
    private mutating func startRows(into rows: inout [ImportedRow]) {
        tokenizer = CSVTokenizer(delimiter: header.delimiter, rowBytesMax: rowBytesMax)
        header.bytes.withUnsafeBufferPointer { tokenize($0, into: &rows) }
        header = CSVHeader()
    }

    private mutating func tokenize(_ bytes: UnsafeBufferPointer<UInt8>, into rows: inout [ImportedRow]) {
        var position = 0
        while !hasStopped, let event = tokenizer?.read(bytes, from: &position) {
            switch event {
            case .chunkEnded: return
            case .row: finishRow(into: &rows)
            case .rowTooLong: stopForLength(at: tokenizer?.rowLine ?? 1, into: &rows)
            }
        }
    }

    private mutating func finishRow(into rows: inout [ImportedRow]) {
        // Not through a copy of the tokenizer, which would cost a new buffer a row.
        let line = tokenizer?.rowLine ?? 1
        if let columns {
            if let content = tokenizer?.input(columns) { rows.append(ImportedRow(line: line, content: content)) }
        } else {
            do throws(Fault) {
                columns = try tokenizer?.columns(of: collection)
            } catch {
                stop(ImportedRow(line: line, content: .failure(error)), into: &rows)
            }
        }
        tokenizer?.startRow()
    }

    private mutating func stopForLength(at line: Int, into rows: inout [ImportedRow]) {
        stop(ImportedRow(line: line, fault: .max, "a row must be at most \(rowBytesMax) bytes"), into: &rows)
    }

    private mutating func stop(_ row: ImportedRow, into rows: inout [ImportedRow]) {
        rows.append(row)
        hasStopped = true
        tokenizer = nil
    }
}

/// The bytes of the header line, kept until it ends.
private struct CSVHeader: Sendable {
    private(set) var bytes: [UInt8] = []
    private var hasText = false
    private var isInQuotes = false
    private var counts = (comma: 0, semicolon: 0, tab: 0)

    /// Takes bytes up to the end of the line, without it, and says where in the chunk that is; nil when the line goes on
    /// behind the chunk.
    mutating func end(in chunk: UnsafeBufferPointer<UInt8>) -> Int? {
        for (index, byte) in chunk.enumerated() {
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if hasText, !isInQuotes {
                    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: chunk[..<index]))
                    return index
                }
                continue
            case UInt8(ascii: "\""): isInQuotes.toggle()
            case UInt8(ascii: ","): counts.comma += isInQuotes ? 0 : 1
            case UInt8(ascii: ";"): counts.semicolon += isInQuotes ? 0 : 1
            case UInt8(ascii: "\t"): counts.tab += isInQuotes ? 0 : 1
            default: break
            }
            hasText = true
        }
        bytes.append(contentsOf: chunk)
        return nil
    }

    var delimiter: UInt8 {
        if counts.comma > 0 || counts.semicolon + counts.tab == 0 { return UInt8(ascii: ",") }
        return counts.semicolon >= counts.tab ? UInt8(ascii: ";") : UInt8(ascii: "\t")
    }
}

extension CSVTokenizer {
    /// The row as a header.
    fileprivate func columns(of collection: Collection) throws(Fault) -> [CSVColumn] {
        guard cellCount <= RowReader.columnsMax else {
            throw Fault("", .max, "the header must have at most \(RowReader.columnsMax) columns, not \(cellCount)")
        }
        if let brokenCell {
            throw Fault("", .malformed, "something follows the closing quote of column \(brokenCell + 1) of the header")
        }
        var columns: [CSVColumn] = []
        var names = Set<String>()
        var start = 0
        for cell in cells {
            guard let text = String(validating: text[start..<cell.end], as: UTF8.self) else {
                throw Fault("", .malformed, "the header is not UTF-8")
            }
            start = cell.end
            let name = Self.trimmed(text)
            guard let column = collection.csvColumn(name) else {
                if name.isEmpty { throw Fault("", .unknown, "column \(columns.count + 1) of the header has no name") }
                // Code points, since one character may be as long as the line.
                let shown = String(name.unicodeScalars.prefix(64))
                throw Fault("", .unknown, "the header names \"\(shown)\", which is no field").under(shown)
            }
            guard names.insert(name).inserted else {
                throw Fault("", .duplicate, "the header names \"\(name)\" twice").under(name)
            }
            columns.append(column)
        }
        return columns
    }

    private static func trimmed(_ text: String) -> String {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let end = text.utf8.lastIndex { !isBlank($0) }.map { text.utf8.index(after: $0) } ?? text.startIndex
        return String(text[..<end].drop { $0 == " " || $0 == "\t" })
    }

    /// The row as values of its columns.
    fileprivate func input(_ columns: [CSVColumn]) -> Result<Input, Fault> {
        if let brokenCell {
            let message = "something follows the closing quote"
            guard brokenCell < columns.count else {
                return .failure(Fault("", .malformed, "\(message) of cell \(brokenCell + 1)"))
            }
            return .failure(Fault("", .malformed, message).under(columns[brokenCell].name))
        }
        guard cellCount == columns.count else {
            let cells = cellCount == 1 ? "1 cell" : "\(cellCount) cells"
            let names = columns.count == 1 ? "1 column" : "\(columns.count) columns"
            return .failure(Fault("", .malformed, "has \(cells), and the header \(names)"))
        }
        return text.withUnsafeBufferPointer { input(columns, text: $0) }
    }

    private func input(_ columns: [CSVColumn], text: UnsafeBufferPointer<UInt8>) -> Result<Input, Fault> {
        var members: [(name: String, content: Input.Content)] = []
        members.reserveCapacity(columns.count)
        let isASCII = text.reduce(0, |) < 0x80
        var start = 0
        for (column, cell) in zip(columns, cells) {
            let bytes = UnsafeBufferPointer(rebasing: text[start..<cell.end])
            guard let content = column.content(bytes, isQuoted: cell.isQuoted, isASCII: isASCII) else {
                return .failure(Fault("", .malformed, "is not UTF-8").under(column.name))
            }
            members.append((column.name, content))
            start = cell.end
        }
        return .success(Input(members))
    }
}

extension Collection {
    fileprivate func csvColumn(_ name: String) -> CSVColumn? {
        if let field = field(name) { return CSVColumn(field) }
        return name == CSVColumn.id.name ? CSVColumn.id : CSVColumn.stamps.first { $0.name == name }
    }
}
