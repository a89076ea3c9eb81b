import CSQLite
import OffstageExpressions
import OffstageSchema
import OffstageStorage

/// The functions that every connection has beside SQLite's own: exact where SQLite's round or overflow into floats, and
/// Unicode's letters. All are deterministic and give NULL for NULL.
enum ExpressionFunctions {
    static func register(on handle: OpaquePointer) throws(StorageFailure) {
        for function in all {
            let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY
            let code = sqlite3_create_function_v2(
                handle,
                function.name,
                function.arguments,
                flags,
                nil,
                function.run,
                nil,
                nil,
                nil
            )
            guard code == SQLITE_OK else { throw SQLiteFailures.failure(code, handle) }
        }
    }

    private typealias Run = @convention(c) (OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Void

    private static let all: [(name: String, arguments: Int32, run: Run)] = [
        ("offstage_add", 2, { Call($0, $1, $2).wholes { $0.addingReportingOverflow($1) } }),
        ("offstage_subtract", 2, { Call($0, $1, $2).wholes { $0.subtractingReportingOverflow($1) } }),
        ("offstage_multiply", 2, { Call($0, $1, $2).wholes { $0.multipliedReportingOverflow(by: $1) } }),
        ("offstage_divide", 2, { Call($0, $1, $2).wholes { $0.dividedReportingOverflow(by: $1) } }),
        ("offstage_remainder", 2, { Call($0, $1, $2).wholes { $0.remainderReportingOverflow(dividingBy: $1) } }),
        ("offstage_floor_quotient", 2, { Call($0, $1, $2).wholes { (floor($0, $1).quotient, false) } }),
        ("offstage_floor_remainder", 2, { Call($0, $1, $2).wholes { (floor($0, $1).remainder, false) } }),
        ("offstage_bounded", 3, { Call($0, $1, $2).bounded() }),
        ("offstage_decimal_add", 4, { Call($0, $1, $2).decimals { $0 + $1 } }),
        ("offstage_decimal_subtract", 4, { Call($0, $1, $2).decimals { $0 - $1 } }),
        ("offstage_decimal_multiply", 4, { Call($0, $1, $2).product() }),
        ("offstage_decimal_order", 4, { Call($0, $1, $2).decimalOrder() }),
        ("offstage_lower", 1, { Call($0, $1, $2).text { $0.lowercased() } }),
        ("offstage_upper", 1, { Call($0, $1, $2).text { $0.uppercased() } }),
        ("offstage_ends_with", 2, { Call($0, $1, $2).endsWith() }),
        ("offstage_matches", 2, { Call($0, $1, $2).matches() }),
    ]

    private static func floor(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: max(divisor, 1))
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

/// One call of a function, while SQLite waits for its result. A result that is not set is NULL.
private struct Call {
    private let context: OpaquePointer?
    private let arguments: UnsafeBufferPointer<OpaquePointer?>

    init(_ context: OpaquePointer?, _ count: Int32, _ arguments: UnsafeMutablePointer<OpaquePointer?>?) {
        self.context = context
        self.arguments = UnsafeBufferPointer(start: arguments, count: Int(count))
    }

    private func whole(_ place: Int) -> Int64? {
        guard sqlite3_value_type(arguments[place]) == SQLITE_INTEGER else { return nil }
        return sqlite3_value_int64(arguments[place])
    }

    private func bytes(_ place: Int) -> UnsafeBufferPointer<UInt8>? {
        guard sqlite3_value_type(arguments[place]) == SQLITE_TEXT, let start = sqlite3_value_text(arguments[place])
        else {
            return nil
        }
        return UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(arguments[place])))
    }

    private func string(_ place: Int) -> String? {
        bytes(place).map { String(decoding: $0, as: UTF8.self) }
    }

    func wholes(_ operation: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)) {
        guard let left = whole(0), let right = whole(1) else { return }
        let (value, overflow) = operation(left, right)
        if !overflow { sqlite3_result_int64(context, value) }
    }

    func bounded() {
        guard let value = whole(0), let low = whole(1), let high = whole(2), low <= value, value <= high else { return }
        sqlite3_result_int64(context, value)
    }

    // MARK: Decimals

    /// Both operands at the larger scale: 64 bits times 10^18 stay far inside 128 bits.
    private func aligned() -> (left: Int128, right: Int128)? {
        guard let left = whole(0), let leftScale = whole(1), let right = whole(2), let rightScale = whole(3) else {
            return nil
        }
        let common = max(leftScale, rightScale)
        return (
            Int128(left) * Int128(Decimal.powerOfTen(Int(common - leftScale))),
            Int128(right) * Int128(Decimal.powerOfTen(Int(common - rightScale)))
        )
    }

    private func answer(decimal: Int128) {
        guard decimal.magnitude < UInt128(Decimal.powerOfTen(Decimal.maximumDigits)) else { return }
        sqlite3_result_int64(context, Int64(decimal))
    }

    func decimals(_ operation: (Int128, Int128) -> Int128) {
        guard let (left, right) = aligned() else { return }
        answer(decimal: operation(left, right))
    }

    func product() {
        guard let left = whole(0), let right = whole(2) else { return }
        answer(decimal: Int128(left) * Int128(right))
    }

    func decimalOrder() {
        guard let (left, right) = aligned() else { return }
        sqlite3_result_int64(context, left == right ? 0 : left < right ? -1 : 1)
    }

    // MARK: Texts

    func text(_ change: (String) -> String) {
        guard let text = string(0) else { return }
        var changed = change(text)
        changed.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                guard let start = characters.baseAddress else { return offstage_result_text(context, "", 0) }
                offstage_result_text(context, start, Int32(clamping: characters.count))
            }
        }
    }

    func endsWith() {
        guard let text = bytes(0), let part = bytes(1) else { return }
        sqlite3_result_int(context, text.suffix(part.count).elementsEqual(part) ? 1 : 0)
    }

    /// Steps of one match, those of a whole evaluation in memory.
    private static let stepsAtMost = 50_000

    /// The compiled pattern stays with the statement for as long as the pattern does.
    func matches() {
        guard let text = string(0), let pattern = pattern() else { return }
        guard let matches = pattern.expression.matches(text, stepsAtMost: Self.stepsAtMost) else { return }
        sqlite3_result_int(context, matches ? 1 : 0)
    }

    private func pattern() -> CompiledPattern? {
        if let kept = sqlite3_get_auxdata(context, 1) {
            return Unmanaged<CompiledPattern>.fromOpaque(kept).takeUnretainedValue()
        }
        guard let source = string(1), let expression = try? RegularExpression(pattern: source) else { return nil }
        let pattern = CompiledPattern(expression)
        sqlite3_set_auxdata(context, 1, Unmanaged.passRetained(pattern).toOpaque()) { kept in
            if let kept { Unmanaged<CompiledPattern>.fromOpaque(kept).release() }
        }
        return pattern
    }
}

private final class CompiledPattern {
    let expression: RegularExpression

    init(_ expression: RegularExpression) { self.expression = expression }
}
