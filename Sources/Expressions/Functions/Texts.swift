/// Functions of one text, or of a text and another that is looked for.
extension Function {
    func inspectText(_ arguments: [Datum], meter: inout Meter) throws(EvaluationFailure.Reason) -> Datum {
        guard case .string(let text)? = arguments.first else { throw noOverload(arguments) }
        try meter.spend(bytes: text.utf8.count)
        if arguments.count == 2, case .string(let other) = arguments[1] {
            return .bool(try compare(text, with: other, arguments, meter: &meter))
        }
        guard arguments.count == 1 else { throw noOverload(arguments) }
        // Case mapping and reversing touch every character.
        try meter.spend(bytes: text.utf8.count * 8)
        switch self {
        case .lowerAscii: return .string(Self.mapASCII(text, from: UInt8(ascii: "A"), add: 32))
        case .upperAscii: return .string(Self.mapASCII(text, from: UInt8(ascii: "a"), add: 224))
        case .lower: return .string(text.lowercased())
        case .upper: return .string(text.uppercased())
        case .trim: return .string(Self.trimmed(text))
        case .reverse: return .string(CodePoints.text(text.unicodeScalars.reversed()))
        case .quote: return .string(Self.quoted(text))
        default: throw noOverload(arguments)
        }
    }

    private func compare(
        _ text: String,
        with other: String,
        _ arguments: [Datum],
        meter: inout Meter
    ) throws(EvaluationFailure.Reason) -> Bool {
        switch self {
        case .contains: return try Self.contains(text, other, meter: &meter)
        case .startsWith: return text.utf8.starts(with: other.utf8)
        case .endsWith: return text.utf8.reversed().starts(with: other.utf8.reversed())
        case .matches:
            let pattern = try RegularExpression(other)
            try meter.spend(other.utf8.count + pattern.size)
            return try pattern.matches(text, meter: &meter)
        default: throw noOverload(arguments)
        }
    }

    private static func contains(
        _ text: String,
        _ other: String,
        meter: inout Meter
    ) throws(EvaluationFailure.Reason) -> Bool {
        let needle = Array(other.utf8)
        // The worst case of the plain search, so that no pair of texts is slow for free.
        try meter.spend(bytes: text.utf8.count / 8 * min(needle.count, 256) / 8)
        return CodePoints.first(needle, in: Array(text.utf8)) != nil
    }

    private static func mapASCII(_ text: String, from first: UInt8, add difference: UInt8) -> String {
        let bytes = text.utf8.map { $0 >= first && $0 < first + 26 ? $0 &+ difference : $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func trimmed(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return CodePoints.text(scalars[first...last])
    }

    /// Unicode's White_Space.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{7}": quoted += "\\a"
            case "\u{8}": quoted += "\\b"
            case "\u{c}": quoted += "\\f"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\u{b}": quoted += "\\v"
            case "\\": quoted += "\\\\"
            case "\"": quoted += "\\\""
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
