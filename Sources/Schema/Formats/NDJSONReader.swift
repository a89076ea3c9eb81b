/// Reads one JSON object a line (NDJSON, JSON Lines). A line that is no object is one bad row; blank lines are passed
/// over; a line over the limit is one bad row too, without being kept.
struct NDJSONReader: RowSource {
    let hasStopped = false

    private let rowBytesMax: Int
    private var line = 1
    private var partial: [UInt8] = []
    private var isTooLong = false

    init(rowBytesMax: Int) {
        self.rowBytesMax = rowBytesMax
    }

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, into rows: inout [ImportedRow]) {
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
            let run = UnsafeBufferPointer(rebasing: bytes[start..<end])
            guard end < bytes.count else { return keep(run) }
            if partial.isEmpty, !isTooLong, run.count <= rowBytesMax {
                finishLine(run, into: &rows)
            } else {
                keep(run)
                finishPartial(into: &rows)
            }
            line += 1
            start = end + 1
        }
    }

    mutating func end(into rows: inout [ImportedRow]) {
        finishPartial(into: &rows)
    }

    private mutating func keep(_ run: UnsafeBufferPointer<UInt8>) {
        if partial.count + run.count > rowBytesMax {
            isTooLong = true
            partial = []
        }
        if !isTooLong { partial.append(contentsOf: run) }
    }

    private mutating func finishPartial(into rows: inout [ImportedRow]) {
        if isTooLong {
            rows.append(ImportedRow(line: line, fault: .max, "must be at most \(rowBytesMax) bytes"))
            isTooLong = false
        } else {
            partial.withUnsafeBufferPointer { finishLine($0, into: &rows) }
            partial.removeAll(keepingCapacity: partial.capacity < 1 << 20)
        }
    }

    private func finishLine(_ bytes: UnsafeBufferPointer<UInt8>, into rows: inout [ImportedRow]) {
        guard !bytes.allSatisfy(JSONParser.isWhiteSpace) else { return }
        do throws(JSONParser.Refusal) {
            rows.append(ImportedRow(line: line, json: try JSONParser.parse(bytes)))
        } catch {
            let column = TextPosition(line: line).advanced(over: bytes.prefix(error.offset)).column
            rows.append(ImportedRow(line: line, "is not JSON: \(error.reason) at column \(column)"))
        }
    }
}
