/// What holds for the bytes of a file before they are YAML: UTF-8, and only characters that every reader counts alike.
enum YAMLCharacters {
    /// Refuses the first byte sequence that is no UTF-8 and the first character that may not stand in a file:
    /// control characters, and U+0085, U+2028 and U+2029, which end a line for some programs and not for others.
    static func check(_ bytes: ArraySlice<UInt8>) throws(YAMLRefusal) {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var line = 1
        var column = 1
        var afterReturn = false
        while true {
            switch decoder.decode(&iterator) {
            case .emptyInput: return
            case .error:
                throw YAMLRefusal(place: Place(line: line, column: column), reason: "the file is not UTF-8 here")
            case .scalarValue(let scalar):
                guard isAllowed(scalar) else {
                    throw YAMLRefusal(place: Place(line: line, column: column), reason: refusal(scalar))
                }
                if scalar == "\n" || scalar == "\r" {
                    if !(scalar == "\n" && afterReturn) { line += 1 }
                    column = 1
                } else {
                    column += 1
                }
                afterReturn = scalar == "\r"
            }
        }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0a, 0x0d, 0x20...0x7e: true
        case 0x2028, 0x2029, 0xfeff: false
        case 0xa0...0xd7ff, 0xe000...0xfffd, 0x10000...0x10ffff: true
        default: false
        }
    }

    private static func refusal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
        return "the character U+\(padded) may not stand in the file; in double quotes it is written \"\\u\(padded)\""
    }
}
