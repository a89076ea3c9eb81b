/// A place in a file as people count it: lines end with LF, columns are code points, both from 1.
struct TextPosition: Sendable {
    private(set) var line: Int
    private(set) var column = 1

    init(line: Int = 1) {
        self.line = line
    }

    @inline(__always)
    mutating func advance(over byte: UInt8) {
        if byte == UInt8(ascii: "\n") {
            line += 1
            column = 1
        } else if byte & 0xc0 != 0x80 {
            // Bytes 10xxxxxx continue a code point.
            column += 1
        }
    }

    func advanced(over bytes: some Sequence<UInt8>) -> TextPosition {
        var position = self
        for byte in bytes { position.advance(over: byte) }
        return position
    }
}
