/// One way to call a function.
struct Overload {
    /// The type before the dot; nil for a call without one.
    let receiver: ValueType?
    let parameters: [ValueType]
    let result: ValueType

    /// `string.indexOf(string, int)`.
    func inWords(_ function: Function) -> String {
        let list = parameters.map(\.description).joined(separator: ", ")
        return (receiver.map { "\($0)." } ?? "") + "\(function.rawValue)(\(list))"
    }
}

extension Function {
    /// The ways to call it, as the checker sees them. `math.greatest` and `math.least` also take any number of arguments.
    var overloads: [Overload] {
        switch self {
        case .size:
            [ValueType.string, .bytes, .list(.dyn), .map(.dyn, .dyn)].flatMap {
                [Self.on($0, [], .int), Self.global([$0], .int)]
            }
        case .contains, .startsWith, .endsWith: [Self.on(.string, [.string], .bool)]
        case .matches: [Self.on(.string, [.string], .bool), Self.global([.string, .string], .bool)]
        case .int, .uint, .double, .string, .bytes, .bool, .dyn, .type, .timestamp, .duration, .decimal, .date:
            conversions
        case .getFullYear, .getMonth, .getDate, .getDayOfMonth, .getDayOfWeek, .getDayOfYear:
            [Self.on(.timestamp, [], .int), Self.on(.timestamp, [.string], .int)]
        case .getHours, .getMinutes, .getSeconds, .getMilliseconds:
            [Self.on(.timestamp, [], .int), Self.on(.timestamp, [.string], .int), Self.on(.duration, [], .int)]
        case .charAt: [Self.on(.string, [.int], .string)]
        case .indexOf, .lastIndexOf: [Self.on(.string, [.string], .int), Self.on(.string, [.string, .int], .int)]
        case .join: [Self.on(.list(.string), [], .string), Self.on(.list(.string), [.string], .string)]
        case .lowerAscii, .upperAscii, .trim, .reverse: [Self.on(.string, [], .string)]
        case .replace:
            [
                Self.on(.string, [.string, .string], .string),
                Self.on(.string, [.string, .string, .int], .string),
            ]
        case .split:
            [Self.on(.string, [.string], .list(.string)), Self.on(.string, [.string, .int], .list(.string))]
        case .substring: [Self.on(.string, [.int], .string), Self.on(.string, [.int, .int], .string)]
        case .format: [Self.on(.string, [.list(.dyn)], .string)]
        case .quote: [Self.global([.string], .string)]
        case .greatest, .least: Self.numbers.map { Self.global([$0], $0) } + [Self.global([.list(.dyn)], .dyn)]
        case .ceil, .floor, .round, .trunc: [Self.global([.double], .double)]
        case .abs, .sign: Self.numbers.map { Self.global([$0], $0) }
        case .sqrt: Self.numbers.map { Self.global([$0], .double) }
        case .isNaN, .isInf, .isFinite: [Self.global([.double], .bool)]
        case .bitAnd, .bitOr, .bitXor: [Self.global([.int, .int], .int), Self.global([.uint, .uint], .uint)]
        case .bitNot: [Self.global([.int], .int), Self.global([.uint], .uint)]
        case .bitShiftLeft, .bitShiftRight: [Self.global([.int, .int], .int), Self.global([.uint, .int], .uint)]
        case .base64Encode: [Self.global([.bytes], .string)]
        case .base64Decode: [Self.global([.string], .bytes)]
        case .lower, .upper: [Self.global([.string], .string), Self.on(.string, [], .string)]
        }
    }

    private var conversions: [Overload] {
        switch self {
        case .int: Self.from([.int, .uint, .double, .string, .timestamp, .duration], to: .int)
        case .uint: Self.from([.uint, .int, .double, .string], to: .uint)
        case .double: Self.from([.double, .int, .uint, .string], to: .double)
        case .string:
            Self.from(
                [.string, .int, .uint, .double, .bool, .bytes, .timestamp, .duration, .decimal, .date],
                to: .string
            )
        case .bytes: Self.from([.bytes, .string], to: .bytes)
        case .bool: Self.from([.bool, .string], to: .bool)
        case .dyn: Self.from([.dyn], to: .dyn)
        case .type: Self.from([.dyn], to: .type)
        case .timestamp: Self.from([.timestamp, .string, .int], to: .timestamp)
        case .duration: Self.from([.duration, .string], to: .duration)
        case .decimal: Self.from([.decimal, .string, .int], to: .decimal)
        case .date: Self.from([.date, .string, .timestamp], to: .date)
        default: []
        }
    }

    private static let numbers: [ValueType] = [.int, .uint, .double]

    private static func on(_ receiver: ValueType, _ parameters: [ValueType], _ result: ValueType) -> Overload {
        Overload(receiver: receiver, parameters: parameters, result: result)
    }

    private static func global(_ parameters: [ValueType], _ result: ValueType) -> Overload {
        Overload(receiver: nil, parameters: parameters, result: result)
    }

    private static func from(_ types: [ValueType], to result: ValueType) -> [Overload] {
        types.map { global([$0], result) }
    }
}
