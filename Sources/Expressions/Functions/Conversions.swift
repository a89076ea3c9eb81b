import OffstageSchema

/// `size`, `type` and the conversions between types (CEL langdef, "Standard Definitions").
extension Function {
    func convert(_ arguments: [Datum], meter: inout Meter) throws(EvaluationFailure.Reason) -> Datum {
        guard arguments.count == 1, let value = arguments.first else { throw noOverload(arguments) }
        if case .double = value { try meter.spend(4) }
        switch self {
        case .size: return .int(try size(of: value, meter: &meter))
        case .int: return .int(try integer(value))
        case .uint: return .uint(try unsigned(value))
        case .double: return .double(try double(value))
        case .string: return .string(try text(value, meter: &meter))
        case .bytes: return try bytes(value, meter: &meter)
        case .bool: return .bool(try boolean(value))
        case .dyn: return value
        case .type: return .type(value.typeName)
        case .timestamp: return .timestamp(try moment(value))
        case .duration: return .duration(try span(value))
        case .decimal: return .decimal(try exactDecimal(value))
        case .date: return .date(try calendarDate(value))
        default: throw noOverload(arguments)
        }
    }

    private func size(of value: Datum, meter: inout Meter) throws(EvaluationFailure.Reason) -> Int64 {
        switch value {
        case .string(let text):
            try meter.spend(bytes: text.utf8.count)
            return Int64(text.unicodeScalars.count)
        case .bytes(let bytes): return Int64(bytes.count)
        case .list(let elements): return Int64(elements.count)
        case .map(let map): return Int64(map.count)
        default: throw noOverload([value])
        }
    }

    private func integer(_ value: Datum) throws(EvaluationFailure.Reason) -> Int64 {
        switch value {
        case .int(let value): return value
        case .uint(let value):
            guard let exact = Int64(exactly: value) else { throw .outOfRange }
            return exact
        case .double(let value):
            // The bounds themselves are refused: they are not exact as doubles.
            guard value > -0x1p63, value < 0x1p63 else { throw .outOfRange }
            return Int64(value)
        case .string(let text):
            guard let value = Int64(text) else { throw .invalidArgument("\"\(text.prefix(40))\" is no integer") }
            return value
        case .timestamp(let moment): return moment.seconds
        case .duration(let span): return span.nanoseconds
        default: throw noOverload([value])
        }
    }

    private func unsigned(_ value: Datum) throws(EvaluationFailure.Reason) -> UInt64 {
        switch value {
        case .uint(let value): return value
        case .int(let value):
            guard let exact = UInt64(exactly: value) else { throw .outOfRange }
            return exact
        case .double(let value):
            guard value >= 0, value < 0x1p64 else { throw .outOfRange }
            return UInt64(value)
        case .string(let text):
            guard text.utf8.first.map(Lexer.isDigit) == true, let value = UInt64(text) else {
                throw .invalidArgument("\"\(text.prefix(40))\" is no unsigned integer")
            }
            return value
        default: throw noOverload([value])
        }
    }

    private func double(_ value: Datum) throws(EvaluationFailure.Reason) -> Double {
        switch value {
        case .double(let value): return value
        case .int(let value): return Double(value)
        case .uint(let value): return Double(value)
        case .string(let text):
            guard let value = DoubleText.read(text) else {
                throw .invalidArgument("\"\(text.prefix(40))\" is no number")
            }
            return value
        default: throw noOverload([value])
        }
    }

    private func text(_ value: Datum, meter: inout Meter) throws(EvaluationFailure.Reason) -> String {
        switch value {
        case .string(let text): return text
        case .int(let value): return String(value)
        case .uint(let value): return String(value)
        case .double(let value): return DoubleText.short(value)
        case .bool(let value): return value ? "true" : "false"
        case .timestamp(let moment): return moment.description
        case .duration(let span): return span.description
        case .decimal(let decimal): return decimal.description
        case .date(let date): return date.description
        case .bytes(let bytes):
            try meter.spend(bytes: bytes.count)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .invalidArgument("the bytes are no UTF-8")
            }
            return text
        default: throw noOverload([value])
        }
    }

    private func bytes(_ value: Datum, meter: inout Meter) throws(EvaluationFailure.Reason) -> Datum {
        switch value {
        case .bytes: return value
        case .string(let text):
            try meter.spend(bytes: text.utf8.count)
            return .bytes(Array(text.utf8))
        default: throw noOverload([value])
        }
    }

    private func boolean(_ value: Datum) throws(EvaluationFailure.Reason) -> Bool {
        switch value {
        case .bool(let value): return value
        case .string(let text):
            switch text {
            case "1", "t", "T", "true", "TRUE", "True": return true
            case "0", "f", "F", "false", "FALSE", "False": return false
            default: throw .invalidArgument("\"\(text.prefix(40))\" is neither true nor false")
            }
        default: throw noOverload([value])
        }
    }

    private func moment(_ value: Datum) throws(EvaluationFailure.Reason) -> Moment {
        switch value {
        case .timestamp(let moment): return moment
        case .int(let seconds):
            guard let moment = Moment(seconds: seconds) else { throw .outOfRange }
            return moment
        case .string(let text):
            guard let moment = Moment(text) else {
                throw .invalidArgument("\"\(text.prefix(40))\" is no moment; expected 2026-11-22T16:50:00Z")
            }
            return moment
        default: throw noOverload([value])
        }
    }

    private func span(_ value: Datum) throws(EvaluationFailure.Reason) -> Span {
        switch value {
        case .duration(let span): return span
        case .string(let text):
            guard let span = Span(text) else {
                throw .invalidArgument("\"\(text.prefix(40))\" is no duration within 292 years; expected 1h30m or 90s")
            }
            return span
        default: throw noOverload([value])
        }
    }

    private func exactDecimal(_ value: Datum) throws(EvaluationFailure.Reason) -> Decimal {
        switch value {
        case .decimal(let decimal): return decimal
        case .int(let value):
            guard let decimal = Decimal(literal: String(value)) else { throw .outOfRange }
            return decimal
        case .string(let text):
            guard let decimal = Decimal(literal: text) else {
                throw .invalidArgument("\"\(text.prefix(40))\" is no decimal of at most 18 digits; expected 12.50")
            }
            return decimal
        default: throw noOverload([value])
        }
    }

    private func calendarDate(_ value: Datum) throws(EvaluationFailure.Reason) -> CalendarDate {
        switch value {
        case .date(let date): return date
        case .timestamp(let moment): return CalendarDate(days: Int(Moment.floor(moment.seconds, by: 86_400).0))
        case .string(let text):
            guard let date = CalendarDate(text) else {
                throw .invalidArgument("\"\(text.prefix(40))\" is no day; expected 2026-11-22")
            }
            return date
        default: throw noOverload([value])
        }
    }
}
