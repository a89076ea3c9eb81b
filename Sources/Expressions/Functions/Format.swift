import OffstageSchema

/// `string.format(list)` (strings extension, "Format").
enum Format {
    private struct Clause {
        var precision: Int?
        var conversion: UInt8 = 0
    }

    /// No format needs more digits than this.
    private static let precisionAtMost = 200

    /// Steps for writing out every digit of a double.
    private static let exactDigits = 100

    static func text(
        _ format: String,
        _ values: [Datum],
        meter: inout Meter
    ) throws(EvaluationFailure.Reason) -> String {
        let bytes = Array(format.utf8)
        var result: [UInt8] = []
        var next = 0
        var used = 0
        while next < bytes.count {
            guard bytes[next] == UInt8(ascii: "%") else {
                result.append(bytes[next])
                next += 1
                continue
            }
            next += 1
            if next < bytes.count, bytes[next] == UInt8(ascii: "%") {
                result.append(bytes[next])
                next += 1
                continue
            }
            let clause = try clause(bytes, from: &next)
            guard used < values.count else { throw .invalidArgument("the format has more places than values") }
            let text = try Self.value(values[used], clause, meter: &meter)
            try meter.spend(bytes: text.utf8.count)
            result += Array(text.utf8)
            used += 1
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func clause(_ bytes: [UInt8], from next: inout Int) throws(EvaluationFailure.Reason) -> Clause {
        var clause = Clause()
        if next < bytes.count, bytes[next] == UInt8(ascii: ".") {
            next += 1
            let start = next
            var precision = 0
            while next < bytes.count, Lexer.isDigit(bytes[next]) {
                precision = min(precision * 10 + Int(bytes[next] - UInt8(ascii: "0")), precisionAtMost + 1)
                next += 1
            }
            guard next > start, precision <= precisionAtMost else {
                throw .invalidArgument("the format has a precision that is missing or above \(precisionAtMost)")
            }
            clause.precision = precision
        }
        guard next < bytes.count else { throw .invalidArgument("the format ends in the middle of a place") }
        clause.conversion = bytes[next]
        next += 1
        return clause
    }

    private static func value(
        _ value: Datum,
        _ clause: Clause,
        meter: inout Meter
    ) throws(EvaluationFailure.Reason) -> String {
        switch clause.conversion {
        case UInt8(ascii: "s"): return try plain(value, meter: &meter)
        case UInt8(ascii: "d"): return try decimal(value)
        case UInt8(ascii: "f"):
            try meter.spend(exactDigits)
            return DoubleText.fixed(try double(value), precision: clause.precision ?? 6)
        case UInt8(ascii: "e"):
            try meter.spend(exactDigits)
            return DoubleText.scientific(try double(value), precision: clause.precision ?? 6)
        case UInt8(ascii: "x"): return try hexadecimal(value, uppercase: false)
        case UInt8(ascii: "X"): return try hexadecimal(value, uppercase: true)
        case UInt8(ascii: "o"): return try integer(value, radix: 8)
        case UInt8(ascii: "b"):
            if case .bool(let value) = value { return value ? "1" : "0" }
            return try integer(value, radix: 2)
        default:
            throw .invalidArgument("the format has an unknown conversion; expected one of s d f e x X o b")
        }
    }

    private static func refusal(_ value: Datum) -> EvaluationFailure.Reason {
        .noSuchOverload("this conversion of a format on \(value.typeName)")
    }

    private static func decimal(_ value: Datum) throws(EvaluationFailure.Reason) -> String {
        switch value {
        case .int(let value): return String(value)
        case .uint(let value): return String(value)
        case .double(let value): return DoubleText.plain(value)
        case .decimal(let value): return value.description
        default: throw refusal(value)
        }
    }

    private static func double(_ value: Datum) throws(EvaluationFailure.Reason) -> Double {
        switch value {
        case .int(let value): return Double(value)
        case .uint(let value): return Double(value)
        case .double(let value): return value
        default: throw refusal(value)
        }
    }

    private static func integer(_ value: Datum, radix: Int) throws(EvaluationFailure.Reason) -> String {
        switch value {
        case .int(let value): return String(value, radix: radix)
        case .uint(let value): return String(value, radix: radix)
        default: throw refusal(value)
        }
    }

    private static func hexadecimal(_ value: Datum, uppercase: Bool) throws(EvaluationFailure.Reason) -> String {
        switch value {
        case .int(let value): return String(value, radix: 16, uppercase: uppercase)
        case .uint(let value): return String(value, radix: 16, uppercase: uppercase)
        case .string(let text): return pairs(Array(text.utf8), uppercase: uppercase)
        case .bytes(let bytes): return pairs(bytes, uppercase: uppercase)
        default: throw refusal(value)
        }
    }

    private static func pairs(_ bytes: [UInt8], uppercase: Bool) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: uppercase) }.joined()
    }

    /// `%s`: every value has one, lists and maps by their elements. Values are no deeper than trees are high.
    private static func plain(_ value: Datum, meter: inout Meter) throws(EvaluationFailure.Reason) -> String {
        try meter.spend()
        switch value {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .int(let value): return String(value)
        case .uint(let value): return String(value)
        case .double(let value): return DoubleText.plain(value)
        case .string(let text): return text
        case .bytes(let bytes): return readable(bytes)
        case .timestamp(let moment): return moment.description
        case .duration(let span): return span.description
        case .decimal(let decimal): return decimal.description
        case .date(let date): return date.description
        case .type(let name): return name
        case .list(let elements):
            var parts: [String] = []
            for element in elements { parts.append(try plain(element, meter: &meter)) }
            return "[" + parts.joined(separator: ", ") + "]"
        case .map(let map):
            var parts: [(key: String, value: String)] = []
            for (key, value) in zip(map.keys, map.values) {
                parts.append((try plain(key, meter: &meter), try plain(value, meter: &meter)))
            }
            parts.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            return "{" + parts.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        }
    }

    /// UTF-8 with one replacement character for each run of bytes that is none.
    private static func readable(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = String.UnicodeScalarView()
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var broken = false
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar):
                text.append(scalar)
                broken = false
            case .error:
                if !broken { text.append("\u{fffd}") }
                broken = true
            case .emptyInput: return String(text)
            }
        }
    }
}
