/// The math extension on bits.
extension Function {
    func combineBits(_ arguments: [Datum]) throws(EvaluationFailure.Reason) -> Datum {
        switch (self, arguments.first, arguments.dropFirst().first, arguments.count) {
        case (.bitNot, .int(let value), nil, 1): return .int(~value)
        case (.bitNot, .uint(let value), nil, 1): return .uint(~value)
        case (.bitAnd, .int(let left), .int(let right), 2): return .int(left & right)
        case (.bitAnd, .uint(let left), .uint(let right), 2): return .uint(left & right)
        case (.bitOr, .int(let left), .int(let right), 2): return .int(left | right)
        case (.bitOr, .uint(let left), .uint(let right), 2): return .uint(left | right)
        case (.bitXor, .int(let left), .int(let right), 2): return .int(left ^ right)
        case (.bitXor, .uint(let left), .uint(let right), 2): return .uint(left ^ right)
        case (.bitShiftLeft, .int(let value), .int(let count), 2):
            return .int(Int64(bitPattern: try shifted(UInt64(bitPattern: value), by: count)))
        case (.bitShiftLeft, .uint(let value), .int(let count), 2):
            return .uint(try shifted(value, by: count))
        case (.bitShiftRight, .int(let value), .int(let count), 2):
            // The extension shifts zeros in, whatever the sign.
            return .int(Int64(bitPattern: try shifted(UInt64(bitPattern: value), by: count)))
        case (.bitShiftRight, .uint(let value), .int(let count), 2):
            return .uint(try shifted(value, by: count))
        default: throw noOverload(arguments)
        }
    }

    private func shifted(_ bits: UInt64, by count: Int64) throws(EvaluationFailure.Reason) -> UInt64 {
        guard count >= 0 else { throw .invalidArgument("\(rawValue) by a negative number of bits") }
        guard count < 64 else { return 0 }
        return self == .bitShiftLeft ? bits << UInt64(count) : bits >> UInt64(count)
    }
}
