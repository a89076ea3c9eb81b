/// Every function of the language. The raw value is the name as it is written, with its namespace.
package enum Function: String, Hashable, Sendable, CaseIterable {
    // CEL standard definitions
    case size
    case contains
    case startsWith
    case endsWith
    case matches
    case int
    case uint
    case double
    case string
    case bytes
    case bool
    case dyn
    case type
    case timestamp
    case duration
    case getFullYear
    case getMonth
    case getDate
    case getDayOfMonth
    case getDayOfWeek
    case getDayOfYear
    case getHours
    case getMinutes
    case getSeconds
    case getMilliseconds

    // Strings extension
    case charAt
    case indexOf
    case lastIndexOf
    case join
    case lowerAscii
    case upperAscii
    case replace
    case split
    case substring
    case trim
    case reverse
    case format
    case quote = "strings.quote"

    // Math extension
    case greatest = "math.greatest"
    case least = "math.least"
    case ceil = "math.ceil"
    case floor = "math.floor"
    case round = "math.round"
    case trunc = "math.trunc"
    case abs = "math.abs"
    case sign = "math.sign"
    case isNaN = "math.isNaN"
    case isInf = "math.isInf"
    case isFinite = "math.isFinite"
    case bitAnd = "math.bitAnd"
    case bitOr = "math.bitOr"
    case bitXor = "math.bitXor"
    case bitNot = "math.bitNot"
    case bitShiftLeft = "math.bitShiftLeft"
    case bitShiftRight = "math.bitShiftRight"
    case sqrt = "math.sqrt"

    // Encoders extension
    case base64Encode = "base64.encode"
    case base64Decode = "base64.decode"

    // Ours
    case decimal
    case date
    case lower
    case upper

    /// Runs the function on values.
    ///
    /// - Parameter arguments: the receiver first, when there is one.
    func apply(
        _ arguments: [Datum],
        zones: TimeZones,
        meter: inout Meter
    ) throws(EvaluationFailure.Reason) -> Datum {
        switch self {
        case .size, .int, .uint, .double, .string, .bytes, .bool, .dyn, .type, .timestamp, .duration, .decimal, .date:
            try convert(arguments, meter: &meter)
        case .getFullYear, .getMonth, .getDate, .getDayOfMonth, .getDayOfWeek, .getDayOfYear, .getHours, .getMinutes,
            .getSeconds, .getMilliseconds:
            try readTime(arguments, zones: zones)
        case .greatest, .least, .ceil, .floor, .round, .trunc, .abs, .sign, .isNaN, .isInf, .isFinite, .sqrt:
            try calculate(arguments, meter: &meter)
        case .bitAnd, .bitOr, .bitXor, .bitNot, .bitShiftLeft, .bitShiftRight:
            try combineBits(arguments)
        case .base64Encode, .base64Decode:
            try encode(arguments, meter: &meter)
        case .contains, .startsWith, .endsWith, .matches, .lowerAscii, .upperAscii, .lower, .upper, .trim, .reverse,
            .quote:
            try inspectText(arguments, meter: &meter)
        case .charAt, .indexOf, .lastIndexOf, .join, .replace, .split, .substring, .format:
            try cutText(arguments, meter: &meter)
        }
    }

    /// What a failure calls a call on values it does not exist for.
    func noOverload(_ arguments: [Datum]) -> EvaluationFailure.Reason {
        .noSuchOverload("\(rawValue)(\(arguments.map(\.typeName).joined(separator: ", ")))")
    }
}
