import OffstageSchema

/// Terms as people write them: what folding left of a rule, for `offstage explain`.
extension Term {
    /// The expression in CEL. A part that can only fail is written as what it fails with, which no parser reads.
    package var text: String { written(.choice) }

    /// How tightly operators bind (CEL langdef, "Syntax").
    private enum Level: Int, Comparable {
        case choice, or, and, relation, sum, product, unary, member

        static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    private func written(_ least: Level) -> String {
        let (text, level) = rendering
        return level < least ? "(\(text))" : text
    }

    private var rendering: (String, Level) {
        switch kind {
        case .literal(let value): return (value.literalText, .member)
        case .failure(let failure): return ("<\(failure.reason)>", .member)
        case .path(let path): return (path.text, .member)
        case .member(let term, let name): return ("\(term.written(.member)).\(name)", .member)
        case .hasPath(let path): return ("has(\(path.text))", .member)
        case .hasMember(let term, let name): return ("has(\(term.written(.member)).\(name))", .member)
        case .not(let term): return ("!\(term.written(.unary))", .unary)
        case .negate(let term): return ("-\(term.written(.unary))", .unary)
        case .and(let operands): return (operands.map { $0.written(.relation) }.joined(separator: " && "), .and)
        case .or(let operands): return (operands.map { $0.written(.and) }.joined(separator: " || "), .or)
        case .ternary(let condition, let yes, let no):
            return ("\(condition.written(.or)) ? \(yes.written(.or)) : \(no.written(.choice))", .choice)
        case .compare(let comparison, let left, let right):
            return ("\(left.written(.sum)) \(comparison.rawValue) \(right.written(.sum))", .relation)
        case .membership(let element, let list):
            return ("\(element.written(.sum)) in \(list.written(.sum))", .relation)
        case .arithmetic(let operation, let left, let right):
            let level: Level = operation == .add || operation == .subtract ? .sum : .product
            let tighter: Level = level == .sum ? .product : .unary
            return ("\(left.written(level)) \(operation.rawValue) \(right.written(tighter))", level)
        case .index(let term, let index): return ("\(term.written(.member))[\(index.text)]", .member)
        case .call(let function, let arguments): return (Self.call(function, arguments), .member)
        case .matches(let term, let pattern):
            return ("\(term.written(.member)).matches(\(Datum.string(pattern.source).literalText))", .member)
        case .list(let elements): return ("[\(elements.map(\.text).joined(separator: ", "))]", .member)
        case .map(let entries):
            return ("{\(entries.map { "\($0.key.text): \($0.value.text)" }.joined(separator: ", "))}", .member)
        case .comprehension(let comprehension): return (comprehension.text, .member)
        case .bind(let local, let value, let body):
            return ("cel.bind(\(local.name), \(value.text), \(body.text))", .member)
        }
    }

    private static func call(_ function: Function, _ arguments: [Term]) -> String {
        let isGlobal =
            switch function {
            case .size, .int, .uint, .double, .string, .bytes, .bool, .dyn, .type, .timestamp, .duration, .decimal,
                .date, .lower, .upper:
                true
            default: function.rawValue.contains(".")
            }
        let rest = (isGlobal ? arguments[...] : arguments.dropFirst()).map(\.text).joined(separator: ", ")
        guard !isGlobal, let receiver = arguments.first else { return "\(function.rawValue)(\(rest))" }
        return "\(receiver.written(.member)).\(function.rawValue)(\(rest))"
    }
}

extension Comprehension {
    fileprivate var text: String {
        let names = variables.map(\.name)
        let arguments = (names + [condition, body].compactMap { $0?.text }).joined(separator: ", ")
        let isSimple =
            switch range.kind {
            case .path, .list, .literal, .call, .comprehension: true
            default: false
            }
        return "\(isSimple ? range.text : "(\(range.text))").\(kind.rawValue)(\(arguments))"
    }
}

extension Datum {
    /// The value as an expression that makes it.
    package var literalText: String {
        switch self {
        case .null: "null"
        case .bool(let bool): "\(bool)"
        case .int(let int): "\(int)"
        case .uint(let uint): "\(uint)u"
        case .double(let double): Self.double(double)
        case .string(let string): Self.quoted(string)
        case .bytes(let bytes): "b\"" + bytes.map { "\\x" + Self.hexadecimal(UInt32($0), digits: 2) }.joined() + "\""
        case .timestamp(let moment): "timestamp(\"\(moment)\")"
        case .duration(let span): "duration(\"\(span)\")"
        case .decimal(let decimal): "decimal(\"\(decimal)\")"
        case .date(let date): "date(\"\(date)\")"
        case .list(let elements): "[\(elements.map(\.literalText).joined(separator: ", "))]"
        case .map(let map):
            "{" + zip(map.keys, map.values).map { "\($0.literalText): \($1.literalText)" }.joined(separator: ", ") + "}"
        case .type(let name): name
        }
    }

    private static func double(_ value: Double) -> String {
        guard value.isFinite else { return "double(\"\(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")\")" }
        let text = DoubleText.short(value)
        return text.contains(".") || text.contains("e") ? text : text + ".0"
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format:
                quoted +=
                    scalar.value > 0xffff
                    ? "\\U" + hexadecimal(scalar.value, digits: 8) : "\\u" + hexadecimal(scalar.value, digits: 4)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}
