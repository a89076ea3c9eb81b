import OffstageExpressions
import OffstageSchema
import OffstageStorage

/// Functions.
extension Translator {
    mutating func call(
        _ function: Function,
        _ arguments: [Term],
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> Operand {
        guard let first = arguments.first else { throw refusal(function, at: position) }
        switch function {
        case .size: return try size(of: first, at: position)
        case .contains, .startsWith, .endsWith:
            guard arguments.count == 2 else { throw refusal(function, at: position) }
            return try search(function, try operand(first), try operand(arguments[1]))
        case .lower: return try cased(try operand(first), .lower)
        case .upper: return try cased(try operand(first), .upper)
        case .lowerAscii: return try cased(try operand(first), .asciiLower)
        case .upperAscii: return try cased(try operand(first), .asciiUpper)
        case .getFullYear, .getMonth, .getDate, .getDayOfMonth, .getDayOfWeek, .getDayOfYear, .getHours, .getMinutes,
            .getSeconds, .getMilliseconds:
            return try part(function, arguments, at: position)
        case .matches: throw TranslationRefusal("a pattern that depends on the record", at: position)
        default:
            guard arguments.count == 1 else { throw refusal(function, at: position) }
            return try conversion(function, try operand(first), at: position)
        }
    }

    private func refusal(_ function: Function, at position: ExpressionPosition) -> TranslationRefusal {
        TranslationRefusal("\"\(function.rawValue)\" of what the record holds", at: position)
    }

    // MARK: Texts

    /// A question about one text.
    func textTest(_ text: Operand, _ write: (SQL) -> SQL) throws(TranslationRefusal) -> Operand {
        guard text.kind == .text else { return assumesKnown ? assumed(.bool) : .failure }
        return Operand(sql: "(\(write(text.sql)))", kind: .bool, fails: true)
    }

    private func search(_ function: Function, _ text: Operand, _ part: Operand) throws(TranslationRefusal) -> Operand {
        guard part.kind == .text else { return assumesKnown ? assumed(.bool) : .failure }
        return try textTest(text) { sql in
            switch function {
            case .startsWith: dialect.startsWith(sql, part.sql)
            case .endsWith: dialect.endsWith(sql, part.sql)
            default: dialect.contains(sql, part.sql)
            }
        }
    }

    /// Between which texts those lie that start with a known one, where an index has them in order.
    mutating func range(of arguments: [Term]) throws(TranslationRefusal) -> SQL? {
        guard case .exactly(let column)? = try operand(arguments[0]).indexed,
            case .string(let start)? = try operand(arguments[1]).literal, !start.isEmpty
        else { return nil }
        guard let end = Self.textAfter(start) else { return "\(column) >= \(.text(start))" }
        return .all(["\(column) >= \(.text(start))", "\(column) < \(.text(end))"])
    }

    /// The first text, by code points, after all that start with this one; nil where there is none.
    private static func textAfter(_ start: String) -> String? {
        var scalars = Array(start.unicodeScalars)
        while let last = scalars.popLast() {
            // The surrogates between are no characters.
            let next = last.value == 0xd7ff ? 0xe000 : last.value + 1
            guard let scalar = Unicode.Scalar(next) else { continue }
            var text = String.UnicodeScalarView(scalars)
            text.append(scalar)
            return String(text)
        }
        return nil
    }

    private func cased(_ text: Operand, _ letters: LetterCase) throws(TranslationRefusal) -> Operand {
        guard text.kind == .text else { return assumesKnown ? assumed(.string) : .failure }
        return Operand(sql: dialect.cased(text.sql, letters), kind: .text, fails: true)
    }

    // MARK: Sizes

    private mutating func size(of term: Term, at position: ExpressionPosition) throws(TranslationRefusal) -> Operand {
        if case .comprehension(let comprehension) = term.kind, comprehension.kind == .filter {
            return try count(comprehension, at: position)
        }
        if let path = term.path, let collection = collection(path) {
            let row = RowSource(collection: collection, alias: alias())
            return Operand(sql: "(SELECT count(*) \(try from(row, where: .yes)))", kind: .whole)
        }
        let operand = try operand(term)
        switch operand.kind {
        case .text: return Operand(sql: dialect.characterCount(operand.sql), kind: .whole, fails: true)
        case .list: return Operand(sql: dialect.elementCount(of: operand.sql), kind: .whole, fails: true)
        case .json: throw TranslationRefusal("the size of free data", at: position)
        default: return assumesKnown ? assumed(.int) : .failure
        }
    }

    // MARK: Times

    private mutating func part(
        _ function: Function,
        _ arguments: [Term],
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> Operand {
        let operand = try operand(arguments[0])
        if arguments.count > 1 {
            guard case .string("UTC")? = arguments[1].literal else {
                throw TranslationRefusal("a part of a time in another zone than UTC", at: position)
            }
        }
        switch operand.kind {
        case .timestamp:
            guard let (part, subtracted) = function.calendarPart else { return .failure }
            let sql = dialect.part(part, of: operand.sql)
            return Operand(sql: subtracted == 0 ? sql : "(\(sql) - 1)", kind: .whole, fails: true)
        case .duration:
            guard let sql = length(function, operand.sql) else { return .failure }
            return Operand(sql: sql, kind: .whole, fails: true)
        default: return assumesKnown ? assumed(.int) : .failure
        }
    }

    /// Whole units of a length, towards zero.
    private func length(_ function: Function, _ milliseconds: SQL) -> SQL? {
        switch function {
        case .getHours: dialect.whole(.divide, milliseconds, "3600000")
        case .getMinutes: dialect.whole(.divide, milliseconds, "60000")
        case .getSeconds: dialect.whole(.divide, milliseconds, "1000")
        case .getMilliseconds: dialect.whole(.remainder, milliseconds, "1000")
        default: nil
        }
    }

    // MARK: Conversions

    private func conversion(
        _ function: Function,
        _ operand: Operand,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> Operand {
        if operand.kind == .any { return operand }
        switch (function, operand.kind) {
        case (.dyn, _): return operand
        case (.string, .text), (.int, .whole), (.double, .double), (.bool, .bool), (.timestamp, .timestamp),
            (.duration, .duration), (.date, .date), (.decimal, .decimal):
            return valued(operand)
        case (.string, .date):
            var text = valued(operand)
            text.sql = dialect.text(ofDate: operand.sql)
            text.kind = .text
            text.literal = nil
            return text
        case (.string, .whole): return Operand(sql: dialect.text(operand.sql), kind: .text, fails: true)
        case (.string, .bool):
            let (yes, no) = (truth(operand, is: true), truth(operand, is: false))
            let text: SQL = "CASE WHEN \(yes) THEN 'true' WHEN \(no) THEN 'false' END"
            return Operand(sql: dialect.byCodePoints(text), kind: .text, fails: true)
        case (.double, .whole): return Operand(sql: dialect.double(operand.sql), kind: .double, fails: true)
        case (.decimal, .whole):
            // Nothing added: what remains of it is the bound of 18 digits.
            let sql = dialect.decimal(.add, ScaledSQL(operand.sql, scale: 0), ScaledSQL("0", scale: 0))
            return Operand(sql: sql, kind: .decimal(0), fails: true)
        case (.int, .timestamp):
            return Operand(sql: dialect.part(.epochSecond, of: operand.sql), kind: .whole, fails: true)
        case (.int, .duration): return Operand(sql: "(\(operand.sql) * 1000000)", kind: .whole, fails: true)
        case (.date, .timestamp): return Operand(sql: dialect.day(of: operand.sql), kind: .date, fails: true)
        default: throw refusal(function, at: position)
        }
    }

    /// A conversion to its own type: what it was, but null is an error.
    private func valued(_ operand: Operand) -> Operand {
        var value = operand
        value.fails = operand.fails || operand.isNullable
        value.isNullable = false
        value.presence = operand.mayBeNaN ? operand.presence : nil
        return value
    }
}

extension Function {
    /// The part of a moment, and what CEL counts from: months and days from 0, but dates from 1.
    fileprivate var calendarPart: (CalendarPart, subtracted: Int)? {
        switch self {
        case .getFullYear: (.year, 0)
        case .getMonth: (.month, 1)
        case .getDate: (.day, 0)
        case .getDayOfMonth: (.day, 1)
        case .getDayOfWeek: (.dayOfWeek, 0)
        case .getDayOfYear: (.dayOfYear, 1)
        case .getHours: (.hour, 0)
        case .getMinutes: (.minute, 0)
        case .getSeconds: (.second, 0)
        case .getMilliseconds: (.millisecond, 0)
        default: nil
        }
    }
}
