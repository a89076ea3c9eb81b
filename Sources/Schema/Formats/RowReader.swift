/// Reads rows of records from a file or a body that comes in chunks, in constant memory: what is kept between chunks
/// is the row that is not complete yet.
///
/// Never throws and never traps: what is wrong with the bytes is the content of a row. After a fault that nothing can be
/// read behind, the row with that fault is the last one, `hasStopped` is true, and further bytes are passed over.
/// How the bytes are cut into chunks changes nothing about the rows. A byte order mark at the start is dropped.
package struct RowReader: Sendable {
    /// Bytes that one row may have unless the caller says otherwise.
    package static let rowBytesMax = 8 * 1024 * 1024
    /// Columns that a CSV file may have.
    package static let columnsMax = 2000

    /// Whether a fault has ended the reading.
    package var hasStopped: Bool { source.hasStopped }

    private var source: any RowSource
    private var mark = ByteOrderMark()

    /// - Parameters:
    ///   - collection: what the rows are records of; a CSV file's header and cells are read by its fields.
    ///   - rowBytesMax: bytes that one row may have; a longer one is refused.
    package init(
        _ format: ImportFormat,
        for collection: Collection,
        rowBytesMax: Int = Self.rowBytesMax
    ) {
        source =
            switch format {
            case .csv: CSVReader(for: collection, rowBytesMax: rowBytesMax)
            case .ndjson: NDJSONReader(rowBytesMax: rowBytesMax)
            case .json: JSONArrayReader(rowBytesMax: rowBytesMax)
            }
    }

    /// The rows that these bytes complete, in the order of the file.
    package mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>) -> [ImportedRow] {
        var rows: [ImportedRow] = []
        let (withheld, rest) = mark.strip(bytes)
        if withheld > 0 { readStartOfMark(withheld, into: &rows) }
        if !rest.isEmpty, !source.hasStopped { source.read(rest, into: &rows) }
        return rows
    }

    /// The rows that these bytes complete, in the order of the file.
    package mutating func feed(_ bytes: some Sequence<UInt8>) -> [ImportedRow] {
        if let rows = bytes.withContiguousStorageIfAvailable({ feed($0) }) { return rows }
        return Array(bytes).withUnsafeBufferPointer { feed($0) }
    }

    /// The rows that were waiting for more bytes; to be called once, at the end of the file.
    package mutating func finish() -> [ImportedRow] {
        var rows: [ImportedRow] = []
        let withheld = mark.giveUp()
        if withheld > 0 { readStartOfMark(withheld, into: &rows) }
        if !source.hasStopped { source.end(into: &rows) }
        return rows
    }

    /// Bytes that could have become a byte order mark and did not.
    private mutating func readStartOfMark(_ count: Int, into rows: inout [ImportedRow]) {
        Array(ByteOrderMark.bytes.prefix(count)).withUnsafeBufferPointer { source.read($0, into: &rows) }
    }
}

/// One row of an import: what a record is made from, or what is wrong with it.
package struct ImportedRow: Sendable {
    /// The line of the file where the row starts, from 1; for a fault that ends the reading, the line of the fault.
    package let line: Int
    /// The row's names and values, or the fault that keeps them from being read. The fault's pointer names the column
    /// (`/price`) or is empty for the row as a whole.
    package let content: Result<Input, Fault>

    package init(line: Int, content: Result<Input, Fault>) {
        self.line = line
        self.content = content
    }

    init(line: Int, fault code: Fault.Code = .malformed, at pointer: String = "", _ message: String) {
        self.init(line: line, content: .failure(Fault(pointer, code, message)))
    }

    /// A JSON value as a row: only an object is one.
    init(line: Int, json: JSON) {
        if let input = Input(json: json) {
            self.init(line: line, content: .success(input))
        } else {
            self.init(line: line, fault: .type, "must be an object, not \(json.kindInWords)")
        }
    }
}

/// The reader of one format, behind `RowReader`.
protocol RowSource: Sendable {
    var hasStopped: Bool { get }
    /// Not called again once `hasStopped`.
    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, into rows: inout [ImportedRow])
    mutating func end(into rows: inout [ImportedRow])
}

/// The UTF-8 signature that some programs put at the start of a file.
struct ByteOrderMark: Sendable {
    static let bytes: [UInt8] = [0xef, 0xbb, 0xbf]

    private var matched = 0
    private var isDecided = false

    /// What of a chunk is left without the mark.
    ///
    /// - Returns: the count of bytes withheld from earlier chunks, or at the start of this one, that turned out to be
    ///   no mark and come first; and the rest of the chunk.
    mutating func strip(
        _ chunk: UnsafeBufferPointer<UInt8>
    ) -> (withheld: Int, rest: UnsafeBufferPointer<UInt8>) {
        guard !isDecided else { return (0, chunk) }
        var next = 0
        while next < chunk.count, matched < Self.bytes.count, chunk[next] == Self.bytes[matched] {
            matched += 1
            next += 1
        }
        let rest = UnsafeBufferPointer(rebasing: chunk[next...])
        if matched == Self.bytes.count {
            isDecided = true
            return (0, rest)
        }
        return rest.isEmpty ? (0, rest) : (giveUp(), rest)
    }

    /// The count of bytes withheld so far, which are no mark.
    mutating func giveUp() -> Int {
        guard !isDecided else { return 0 }
        isDecided = true
        return matched
    }
}
