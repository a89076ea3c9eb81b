import Foundation

@testable import OffstageExpressions

/// One case of the CEL conformance files.
struct ConformanceCase {
    enum Expectation {
        case value(Datum)
        case error
    }

    let name: String
    let expression: String
    let scope: Scope
    let known: Known
    let checks: Bool
    let expandsMacros: Bool
    let expectation: Expectation

    init?(_ json: [String: Any], file: String) {
        guard let expression = json["expr"] as? String else { return nil }
        name = "\(file)/\(json["section"] ?? "")/\(json["name"] ?? "")"
        self.expression = expression
        checks = json["disable_check"] as? Bool != true
        expandsMacros = json["disable_macros"] as? Bool != true
        var scope = Scope(container: json["container"] as? String ?? "")
        var known = Known([:], zones: .ofFoundation)
        for (name, value) in json["bindings"] as? [String: Any] ?? [:] {
            guard let datum = Datum(tagged: value) else { return nil }
            scope.variables[name] = Scope.Variable(datum.valueType)
            known.values[name] = datum
        }
        self.scope = scope
        self.known = known
        if let value = json["value"] {
            guard let datum = Datum(tagged: value) else { return nil }
            expectation = .value(datum)
        } else {
            expectation = .error
        }
    }

    /// Nil when it passes, otherwise what came instead.
    func problem() -> String? {
        let checked: Checked
        do throws(ExpressionRefusal) {
            checked =
                checks && expandsMacros
                ? try Checked(expression, in: scope)
                : try Checked.unchecked(expression, in: scope, expandsMacros: expandsMacros)
        } catch {
            if case .error = expectation { return nil }
            return "refused: \(error)"
        }
        switch (expectation, checked.evaluate(known)) {
        case (.error, .failure): return nil
        case (.error, .success(let value)): return "expected an error, got \(value)"
        case (.value, .failure(let failure)): return "failed: \(failure)"
        case (.value(let wanted), .success(let value)):
            return wanted.isSame(as: value) ? nil : "expected \(wanted), got \(value)"
        }
    }
}

extension Datum {
    /// Reads a tagged value: `{"int": "1"}`.
    init?(tagged json: Any) {
        guard let object = json as? [String: Any], let (tag, content) = object.first else { return nil }
        let text = content as? String ?? ""
        switch tag {
        case "null": self = .null
        case "bool": self = .bool(content as? Bool ?? false)
        case "int": self = .int(Int64(text) ?? 0)
        case "uint": self = .uint(UInt64(text) ?? 0)
        case "double": self = .double(Double(text) ?? .nan)
        case "string": self = .string(text)
        case "type": self = .type(text)
        case "bytes_hex":
            let digits = Array(text)
            self = .bytes(
                stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
            )
        case "list": self = .list((content as? [Any] ?? []).compactMap(Datum.init(tagged:)))
        case "map":
            var map = DatumMap()
            for pair in content as? [[Any]] ?? [] {
                guard pair.count == 2, let key = Datum(tagged: pair[0]), let value = Datum(tagged: pair[1]) else {
                    return nil
                }
                _ = map.insert(key, value)
            }
            self = .map(map)
        case "timestamp", "duration":
            let parts = content as? [String: Any] ?? [:]
            let seconds = Self.whole(parts["seconds"])
            let nanoseconds = Self.whole(parts["nanos"])
            if tag == "duration" {
                self = .duration(Span(nanoseconds: seconds * 1_000_000_000 + nanoseconds))
            } else if let moment = Moment(seconds: seconds, nanoseconds: nanoseconds) {
                self = .timestamp(moment)
            } else {
                return nil
            }
        default: return nil
        }
    }

    private static func whole(_ json: Any?) -> Int64 {
        if let text = json as? String { return Int64(text) ?? 0 }
        return (json as? NSNumber)?.int64Value ?? 0
    }

    /// Equal and of the same type, with NaN the same as NaN.
    func isSame(as other: Datum) -> Bool {
        if case .double(let left) = self, case .double(let right) = other {
            return left.isNaN && right.isNaN || left == right && left.sign == right.sign
        }
        return typeName == other.typeName && equals(other)
    }
}

extension TimeZones {
    /// The tz database as Foundation reads it.
    static let ofFoundation = TimeZones { name, seconds in
        TimeZone(identifier: name)?.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
    }
}
