/// The math extension on numbers.
extension Function {
    func calculate(_ arguments: [Datum], meter: inout Meter) throws(EvaluationFailure.Reason) -> Datum {
        switch self {
        case .greatest: return try extreme(arguments, wanted: .greater, meter: &meter)
        case .least: return try extreme(arguments, wanted: .less, meter: &meter)
        default: break
        }
        guard arguments.count == 1, let value = arguments.first else { throw noOverload(arguments) }
        switch (self, value) {
        case (.ceil, .double(let value)): return .double(value.rounded(.up))
        case (.floor, .double(let value)): return .double(value.rounded(.down))
        case (.round, .double(let value)): return .double(value.rounded(.toNearestOrAwayFromZero))
        case (.trunc, .double(let value)): return .double(value.rounded(.towardZero))
        case (.isNaN, .double(let value)): return .bool(value.isNaN)
        case (.isInf, .double(let value)): return .bool(value.isInfinite)
        case (.isFinite, .double(let value)): return .bool(value.isFinite)
        case (.abs, .double(let value)): return .double(value.magnitude)
        case (.abs, .uint): return value
        case (.abs, .int(let value)):
            guard let magnitude = Int64(exactly: value.magnitude) else { throw .overflow }
            return .int(magnitude)
        case (.sign, .double(let value)):
            return .double(value.isNaN || value == 0 ? value : value < 0 ? -1 : 1)
        case (.sign, .uint(let value)): return .uint(value == 0 ? 0 : 1)
        case (.sign, .int(let value)): return .int(value.signum())
        case (.sqrt, .double(let value)): return .double(value.squareRoot())
        case (.sqrt, .int(let value)): return .double(Double(value).squareRoot())
        case (.sqrt, .uint(let value)): return .double(Double(value).squareRoot())
        default: throw noOverload(arguments)
        }
    }

    /// The first of the arguments, or of the one list argument, that none of the others exceeds.
    private func extreme(
        _ arguments: [Datum],
        wanted: Datum.Order,
        meter: inout Meter
    ) throws(EvaluationFailure.Reason) -> Datum {
        var candidates = arguments
        if arguments.count == 1, case .list(let elements)? = arguments.first { candidates = elements }
        try meter.spend(candidates.count)
        guard var best = candidates.first else {
            throw .invalidArgument("\(rawValue) of nothing")
        }
        for candidate in candidates {
            switch candidate {
            case .int, .uint, .double: break
            default: throw noOverload(arguments)
            }
            if candidate.order(to: best) == wanted { best = candidate }
        }
        return best
    }
}
