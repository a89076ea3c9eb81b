/// Cuts CSV (RFC 4180) into rows of cells, from chunks of bytes.
///
/// Lines end with CRLF, LF or a lone CR; blank lines are passed over. A cell is quoted when its first byte is a quote;
/// a quote further inside a cell that is not quoted is a character like others, as spreadsheets read it.
struct CSVTokenizer: Sendable {
    struct Cell: Sendable {
        /// Where the cell's bytes end in `text`; they start where the cell before ends.
        let end: Int
        let isQuoted: Bool
    }

    enum Event {
        /// The chunk is used up.
        case chunkEnded
        /// `text`, `cells` and what else describes the row hold one, until `startRow()`.
        case row
        /// The row is longer than the limit.
        case rowTooLong
    }

    private enum State {
        case cellStart, unquoted, quoted
        /// Behind a quote in a quoted cell: the end of the cell, or the first half of an escaped quote.
        case quoteInQuoted
        /// Behind the end of a quoted cell, where nothing may stand.
        case behindQuoted
    }

    /// The cells' bytes, one cell after another, quotes and escapes taken away.
    private(set) var text: [UInt8] = []
    /// The first cells, up to the limit of columns.
    private(set) var cells: [Cell] = []
    /// All cells of the row.
    private(set) var cellCount = 0
    /// The line where the row starts.
    private(set) var rowLine = 1
    /// The index of the first cell with something behind its closing quote.
    private(set) var brokenCell: Int?

    private let delimiter: UInt8
    private let rowBytesMax: Int
    private var state = State.cellStart
    private var isQuoted = false
    private var line = 1
    private var quoteLine = 1
    private var isBehindCarriageReturn = false
    private var rowBytes = 0

    init(delimiter: UInt8, rowBytesMax: Int) {
        self.delimiter = delimiter
        self.rowBytesMax = rowBytesMax
    }

    /// Makes room for the next row.
    mutating func startRow() {
        text.removeAll(keepingCapacity: text.capacity < 1 << 20)
        cells.removeAll(keepingCapacity: true)
        cellCount = 0
        brokenCell = nil
        rowLine = line
        rowBytes = 0
    }

    /// Reads on from `position`, which moves behind what was read, up to the end of a row or of the chunk.
    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, from position: inout Int) -> Event {
        let start = position
        let rowEnded = readRow(bytes, &position)
        rowBytes += position - start
        if rowBytes > rowBytesMax { return .rowTooLong }
        return rowEnded ? .row : .chunkEnded
    }

    /// Ends the last line, if it has no end of its own.
    ///
    /// - Returns: whether there is one more row, or the line of the quote that is not closed.
    mutating func end() -> (hasRow: Bool, openQuoteLine: Int?) {
        if state == .quoted { return (false, quoteLine) }
        guard state != .cellStart || cellCount > 0 else { return (false, nil) }
        finishCell()
        return (!isBlank, nil)
    }

    /// Whether a row has ended.
    private mutating func readRow(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Bool {
        while position < bytes.count {
            switch state {
            case .cellStart: readCellStart(bytes, &position)
            case .unquoted:
                readUnquoted(bytes, &position)
                if position < bytes.count, separates(bytes[position], &position) { return true }
            case .quoted: readQuoted(bytes, &position)
            case .quoteInQuoted:
                let byte = bytes[position]
                if byte == UInt8(ascii: "\"") {
                    text.append(byte)
                    state = .quoted
                    position += 1
                } else {
                    state = .behindQuoted
                }
            case .behindQuoted:
                if isSeparator(bytes[position]) {
                    if separates(bytes[position], &position) { return true }
                } else {
                    brokenCell = brokenCell ?? cellCount
                    position += 1
                }
            }
        }
        return false
    }

    private mutating func readCellStart(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) {
        let byte = bytes[position]
        if isBehindCarriageReturn {
            isBehindCarriageReturn = false
            // The second half of a CRLF, whose first half has ended the line.
            if byte == UInt8(ascii: "\n") { return position += 1 }
        }
        if byte == UInt8(ascii: "\"") {
            isQuoted = true
            quoteLine = line
            state = .quoted
            position += 1
        } else {
            state = .unquoted
        }
    }

    private mutating func readUnquoted(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) {
        let start = position
        while position < bytes.count, !isSeparator(bytes[position]) { position += 1 }
        if position > start { text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<position])) }
    }

    private mutating func readQuoted(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\n") {
                if !isBehindCarriageReturn { line += 1 }
            } else if byte == UInt8(ascii: "\r") {
                line += 1
            }
            isBehindCarriageReturn = byte == UInt8(ascii: "\r")
            position += 1
        }
        text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<position]))
        guard position < bytes.count else { return }
        isBehindCarriageReturn = false
        state = .quoteInQuoted
        position += 1
    }

    @inline(__always)
    private func isSeparator(_ byte: UInt8) -> Bool {
        byte == delimiter || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    /// Ends the cell at its separator. True when the row ends too and is not blank.
    private mutating func separates(_ byte: UInt8, _ position: inout Int) -> Bool {
        position += 1
        finishCell()
        if byte == delimiter { return false }
        line += 1
        isBehindCarriageReturn = byte == UInt8(ascii: "\r")
        guard isBlank else { return true }
        startRow()
        return false
    }

    private mutating func finishCell() {
        if cells.count < RowReader.columnsMax { cells.append(Cell(end: text.count, isQuoted: isQuoted)) }
        cellCount += 1
        isQuoted = false
        state = .cellStart
    }

    /// Whether the row is one empty cell without quotes: a blank line.
    private var isBlank: Bool {
        guard cellCount == 1, text.isEmpty, let cell = cells.first else { return false }
        return !cell.isQuoted
    }
}
