import OffstageExpressions
import OffstageSchema
import OffstageStorage

extension Translator {
    /// A known value, bound.
    func literal(_ value: Datum, at position: ExpressionPosition) throws(TranslationRefusal) -> Operand {
        switch value {
        case .null: return Operand(sql: "NULL", kind: .null, isNullable: true, literal: value)
        case .bool(let value): return known(.boolean(value), .bool, .bool(value))
        case .int(let whole): return known(.integer(whole), .whole, value)
        case .uint(let unsigned):
            guard let whole = Int64(exactly: unsigned) else {
                throw TranslationRefusal("a number beyond 9223372036854775807", at: position)
            }
            return known(.integer(whole), .whole, .int(whole))
        case .double(let number):
            guard !number.isNaN else {
                return Operand(sql: "NULL", kind: .double, presence: .yes, mayBeNaN: true, literal: value)
            }
            return known(.number(number), .double, value)
        case .decimal(let decimal): return known(.decimal(decimal), .decimal(decimal.scale), value)
        case .string(let text):
            guard !text.utf8.contains(0) else {
                throw TranslationRefusal("a text with the character U+0000", at: position)
            }
            return known(.text(text), .text, value)
        case .date(let date): return known(.date(date), .date, value)
        case .timestamp(let moment): return known(.datetime(moment.timestamp), .timestamp, value)
        case .duration(let span): return known(.integer(span.wholeMilliseconds), .duration, value)
        case .list(let elements): return try list(elements, value, at: position)
        case .bytes, .map, .type: throw TranslationRefusal("a value of the type \(value.valueType)", at: position)
        }
    }

    private func known(_ value: Value, _ kind: Operand.Kind, _ datum: Datum) -> Operand {
        Operand(sql: "\(value)", kind: kind, literal: datum)
    }

    /// A list as lists are stored.
    private func list(
        _ elements: [Datum],
        _ value: Datum,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> Operand {
        var values: [Value] = []
        var kind = Operand.Kind.any
        for element in elements {
            switch element {
            case .string(let text) where kind != .whole:
                kind = .text
                values.append(.text(text))
            case .int(let whole) where kind != .text:
                kind = .whole
                values.append(.integer(whole))
            default:
                throw TranslationRefusal(
                    "a list that holds other values than texts or whole numbers alike",
                    at: position
                )
            }
        }
        return known(.list(values), .list(kind), value)
    }
}

extension Span {
    /// Towards shorter for a positive and towards longer for a negative length: the whole millisecond before.
    var wholeMilliseconds: Int64 {
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension Datum {
    /// Whether a moment or a duration is finer than the milliseconds that records keep.
    var isFinerThanMilliseconds: Bool {
        switch self {
        case .timestamp(let moment): moment.nanoseconds % 1_000_000 != 0
        case .duration(let span): span.nanoseconds % 1_000_000 != 0
        default: false
        }
    }
}
