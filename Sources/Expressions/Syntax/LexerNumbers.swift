import OffstageSchema

extension Lexer {
    /// `12`, `0x1f`, `12u`, `1.5`, `.5`, `1e-3`. A number that fits no type is refused here, so that nothing later
    /// overflows.
    mutating func number() throws(ExpressionRefusal) -> Token.Kind {
        let start = offset
        if peek() == UInt8(ascii: "0"), peek(1).map({ $0 | 0x20 }) == UInt8(ascii: "x"),
            peek(2)?.hexadecimalDigit != nil
        {
            offset += 2
            return try integer(from: offset, radix: 16, start: start)
        }
        skipDigits()
        var fractional = false
        if peek() == UInt8(ascii: "."), peek(1).map(Self.isDigit) == true {
            fractional = true
            offset += 1
            skipDigits()
        }
        if let byte = peek(), byte | 0x20 == UInt8(ascii: "e"), exponentFollows() {
            fractional = true
            offset += 2
            skipDigits()
        }
        guard fractional else { return try integer(from: start, radix: 10, start: start) }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        // A point without digits before it is CEL's, not Swift's everywhere.
        guard let value = Double(text.utf8.first == UInt8(ascii: ".") ? "0" + text : text), value.isFinite else {
            throw refusal("the number \(text.prefix(40)) is too large", at: start)
        }
        try endOfNumber(start)
        return .double(value)
    }

    private mutating func integer(from digits: Int, radix: UInt64, start: Int) throws(ExpressionRefusal) -> Token.Kind {
        offset = digits
        var value: UInt64 = 0
        while let digit = peek()?.hexadecimalDigit, UInt64(digit) < radix {
            let (product, high) = value.multipliedReportingOverflow(by: radix)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            if high || carry { throw refusal("the number is too large for 64 bits", at: start) }
            value = sum
            offset += 1
        }
        let unsigned = peek().map { $0 | 0x20 } == UInt8(ascii: "u")
        if unsigned { offset += 1 }
        try endOfNumber(start)
        return unsigned ? .unsigned(value) : .integer(value)
    }

    private mutating func endOfNumber(_ start: Int) throws(ExpressionRefusal) {
        if let byte = peek(), Self.startsWord(byte) || Self.isDigit(byte) {
            throw refusal("found a letter in a number", at: offset)
        }
    }

    private mutating func skipDigits() {
        while let byte = peek(), Self.isDigit(byte) { offset += 1 }
    }

    private func exponentFollows() -> Bool {
        guard let next = peek(1) else { return false }
        if Self.isDigit(next) { return true }
        return (next == UInt8(ascii: "+") || next == UInt8(ascii: "-")) && peek(2).map(Self.isDigit) == true
    }
}
