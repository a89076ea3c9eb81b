/// Functions that take a text apart or put one together, counting in code points (strings extension).
extension Function {
    func cutText(_ arguments: [Datum], meter: inout Meter) throws(EvaluationFailure.Reason) -> Datum {
        if self == .join { return .string(try joined(arguments, meter: &meter)) }
        guard case .string(let text)? = arguments.first else { throw noOverload(arguments) }
        try meter.spend(bytes: text.utf8.count * 8)
        let rest = Array(arguments.dropFirst())
        switch self {
        case .charAt: return try character(of: text, rest, arguments)
        case .indexOf, .lastIndexOf: return .int(try index(in: text, rest, arguments, meter: &meter))
        case .replace: return try replaced(text, rest, arguments, meter: &meter)
        case .split: return try split(text, rest, arguments, meter: &meter)
        case .substring: return try part(of: text, rest, arguments)
        case .format:
            guard rest.count == 1, case .list(let values) = rest[0] else { throw noOverload(arguments) }
            return .string(try Format.text(text, values, meter: &meter))
        default: throw noOverload(arguments)
        }
    }

    private func character(
        of text: String,
        _ rest: [Datum],
        _ arguments: [Datum]
    ) throws(EvaluationFailure.Reason) -> Datum {
        guard rest.count == 1, case .int(let place) = rest[0] else { throw noOverload(arguments) }
        let scalars = Array(text.unicodeScalars)
        guard place >= 0, place <= scalars.count else { throw .noSuchIndex }
        return .string(place == scalars.count ? "" : String(scalars[Int(place)]))
    }

    private func index(
        in text: String,
        _ rest: [Datum],
        _ arguments: [Datum],
        meter: inout Meter
    ) throws(EvaluationFailure.Reason) -> Int64 {
        guard rest.count == 1 || rest.count == 2, case .string(let other) = rest[0] else { throw noOverload(arguments) }
        let scalars = Array(text.unicodeScalars)
        let needle = Array(other.unicodeScalars)
        try meter.spend(bytes: scalars.count / 8 * min(needle.count, 256) / 4)
        var start = self == .indexOf ? 0 : scalars.count
        if rest.count == 2 {
            guard case .int(let given) = rest[1] else { throw noOverload(arguments) }
            guard given >= 0, given <= scalars.count else { throw .noSuchIndex }
            start = Int(given)
        }
        let found =
            self == .indexOf
            ? CodePoints.first(needle, in: scalars, from: start) : CodePoints.last(needle, in: scalars, from: start)
        return found.map(Int64.init) ?? -1
    }

    private func part(
        of text: String,
        _ rest: [Datum],
        _ arguments: [Datum]
    ) throws(EvaluationFailure.Reason) -> Datum {
        let scalars = Array(text.unicodeScalars)
        guard case .int(let start)? = rest.first, rest.count <= 2 else { throw noOverload(arguments) }
        var end = Int64(scalars.count)
        if rest.count == 2 {
            guard case .int(let given) = rest[1] else { throw noOverload(arguments) }
            end = given
        }
        guard start >= 0, start <= end, end <= scalars.count else { throw .noSuchIndex }
        return .string(CodePoints.text(scalars[Int(start)..<Int(end)]))
    }

    private func replaced(
        _ text: String,
        _ rest: [Datum],
        _ arguments: [Datum],
        meter: inout Meter
    ) throws(EvaluationFailure.Reason) -> Datum {
        guard rest.count == 2 || rest.count == 3, case .string(let old) = rest[0], case .string(let new) = rest[1]
        else {
            throw noOverload(arguments)
        }
        let limit = try limit(rest.count == 3 ? rest[2] : .int(-1), arguments)
        // At most one replacement for each code point and one more; counted before the text is made.
        try meter.spend(bytes: (text.utf8.count / max(1, old.utf8.count) + 1) * (new.utf8.count + 1))
        let result = CodePoints.replace(
            Array(text.unicodeScalars),
            Array(old.unicodeScalars),
            by: Array(new.unicodeScalars),
            limit: limit
        )
        return .string(CodePoints.text(result))
    }

    private func split(
        _ text: String,
        _ rest: [Datum],
        _ arguments: [Datum],
        meter: inout Meter
    ) throws(EvaluationFailure.Reason) -> Datum {
        guard rest.count == 1 || rest.count == 2, case .string(let separator) = rest[0] else {
            throw noOverload(arguments)
        }
        let limit = try limit(rest.count == 2 ? rest[1] : .int(-1), arguments)
        let pieces = CodePoints.split(
            Array(text.unicodeScalars),
            by: Array(separator.unicodeScalars),
            limit: limit
        )
        try meter.spend(pieces.count)
        return .list(pieces.map { .string(CodePoints.text($0)) })
    }

    private func limit(_ value: Datum, _ arguments: [Datum]) throws(EvaluationFailure.Reason) -> Int {
        guard case .int(let limit) = value else { throw noOverload(arguments) }
        return Int(limit)
    }

    private func joined(_ arguments: [Datum], meter: inout Meter) throws(EvaluationFailure.Reason) -> String {
        guard arguments.count == 1 || arguments.count == 2, case .list(let elements) = arguments[0] else {
            throw noOverload(arguments)
        }
        var separator = ""
        if arguments.count == 2 {
            guard case .string(let text) = arguments[1] else { throw noOverload(arguments) }
            separator = text
        }
        var result = ""
        for (place, element) in elements.enumerated() {
            guard case .string(let text) = element else { throw noOverload(arguments) }
            try meter.spend(bytes: text.utf8.count + separator.utf8.count)
            if place > 0 { result += separator }
            result += text
        }
        return result
    }
}
