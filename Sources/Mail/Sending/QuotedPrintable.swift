/// Text whose lines are short and ASCII, whatever it holds (RFC 2045, section 6.7).
enum QuotedPrintable {
    private static let lineMaximum = 76
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Line ends of any kind become CR LF; the last line has one too.
    static func encode(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        for line in lines {
            encode(Array(line.utf8), into: &output)
            output += [0x0d, 0x0a]
        }
        return output
    }

    private static func encode(_ line: [UInt8], into output: inout [UInt8]) {
        var length = 0
        for (index, byte) in line.enumerated() {
            let isLast = index == line.count - 1
            let isSpace = byte == 0x20 || byte == 0x09
            let isPlain = (0x21...0x7e).contains(byte) && byte != UInt8(ascii: "=") || isSpace && !isLast
            let count = isPlain ? 1 : 3
            // Room is kept for the sign that the line goes on.
            if length + count > lineMaximum - (isLast ? 0 : 1) {
                output += [UInt8(ascii: "="), 0x0d, 0x0a]
                length = 0
            }
            if isPlain {
                output.append(byte)
            } else {
                output += [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 0xf)]]
            }
            length += count
        }
    }
}
