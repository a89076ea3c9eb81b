/// Reads one JSON array of objects: finds where its elements end, across chunks, and parses each by itself. An element
/// that is no object is one bad row; anything that breaks the syntax ends the reading, with its line and column.
struct JSONArrayReader: RowSource {
    private enum Phase {
        case beforeArray, inArray, afterArray, stopped
    }

    /// How far the scan for the end of an element has come.
    private struct Element {
        var bytes: [UInt8] = []
        var start: TextPosition?
        var depth = 0
        var isInString = false
        var isEscaped = false
    }

    private let rowBytesMax: Int
    private var phase = Phase.beforeArray
    private var position = TextPosition()
    private var element = Element()
    private var elementCount = 0

    var hasStopped: Bool { phase == .stopped }

    init(rowBytesMax: Int) {
        self.rowBytesMax = rowBytesMax
    }

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, into rows: inout [ImportedRow]) {
        // Where the part of the element that lies in this chunk starts.
        var runStart = 0
        for index in bytes.indices {
            let byte = bytes[index]
            switch phase {
            case .stopped: return
            case .beforeArray:
                if byte == UInt8(ascii: "[") {
                    phase = .inArray
                } else if !JSONParser.isWhiteSpace(byte) {
                    stop("must be one JSON array of objects", at: position, into: &rows)
                }
            case .inArray:
                if element.start == nil, !JSONParser.isWhiteSpace(byte) {
                    element.start = position
                    runStart = index
                }
                if endsElement(byte) {
                    keep(bytes[runStart..<index], into: &rows)
                    finishElement(isLast: byte == UInt8(ascii: "]"), into: &rows)
                    runStart = index + 1
                }
            case .afterArray:
                if !JSONParser.isWhiteSpace(byte) { stop("something follows the array", at: position, into: &rows) }
            }
            position.advance(over: byte)
        }
        if element.start != nil { keep(bytes[runStart...], into: &rows) }
    }

    mutating func end(into rows: inout [ImportedRow]) {
        switch phase {
        case .afterArray, .stopped: return
        case .beforeArray: stop("must be one JSON array of objects", at: position, into: &rows)
        case .inArray:
            // The parser says best why an element has no end.
            if element.start != nil { finishElement(isLast: false, into: &rows) }
            if phase == .inArray { stop("the array does not end", at: position, into: &rows) }
        }
    }

    /// Whether the byte is the comma or bracket behind an element. Brackets inside are only counted: which closes which
    /// is the parser's matter.
    private mutating func endsElement(_ byte: UInt8) -> Bool {
        if element.isInString {
            if element.isEscaped {
                element.isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                element.isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                element.isInString = false
            }
            return false
        }
        switch byte {
        case UInt8(ascii: "\""): element.isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): element.depth += 1
        case UInt8(ascii: ","): return element.depth == 0
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            if element.depth == 0 { return byte == UInt8(ascii: "]") }
            element.depth -= 1
        default: break
        }
        return false
    }

    private mutating func keep(_ run: Slice<UnsafeBufferPointer<UInt8>>, into rows: inout [ImportedRow]) {
        guard phase == .inArray else { return }
        if element.bytes.count + run.count > rowBytesMax {
            let start = element.start ?? position
            stop("an element must be at most \(rowBytesMax) bytes", code: .max, at: start, into: &rows)
        } else {
            element.bytes.append(contentsOf: UnsafeBufferPointer(rebasing: run))
        }
    }

    private mutating func finishElement(isLast: Bool, into rows: inout [ImportedRow]) {
        guard phase == .inArray else { return }
        if isLast { phase = .afterArray }
        let start = element.start ?? position
        defer {
            element.bytes.removeAll(keepingCapacity: element.bytes.capacity < 1 << 20)
            element.start = nil
            element.depth = 0
            element.isInString = false
            element.isEscaped = false
            elementCount += 1
        }
        // The comma or bracket itself is where an element that is not there would start.
        if element.bytes.isEmpty, isLast, elementCount == 0 { return }
        do throws(JSONParser.Refusal) {
            rows.append(ImportedRow(line: start.line, json: try JSONParser.parse(element.bytes)))
        } catch {
            stop(error.reason, at: start.advanced(over: element.bytes.prefix(error.offset)), into: &rows)
        }
    }

    private mutating func stop(
        _ reason: String,
        code: Fault.Code = .malformed,
        at place: TextPosition,
        into rows: inout [ImportedRow]
    ) {
        let message = "\(reason) (line \(place.line), column \(place.column))"
        rows.append(ImportedRow(line: place.line, fault: code, message))
        phase = .stopped
        element = Element()
    }
}
