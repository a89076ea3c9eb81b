import OffstageExpressions
import OffstageSchema
import OffstageStorage

/// `+ - * / %`. A result that CEL would refuse is NULL, which means that it fails.
extension Translator {
    func arithmetic(
        _ operation: Term.Arithmetic,
        _ left: Operand,
        _ right: Operand,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> Operand {
        for operand in [left, right] where operand.literal?.isFinerThanMilliseconds == true {
            throw TranslationRefusal("a time finer than a millisecond beside one of a record", at: position)
        }
        switch (left.kind, right.kind) {
        case (.whole, .whole):
            let sql = dialect.whole(operation.whole, left.sql, right.sql)
            return Operand(sql: sql, kind: .whole, fails: true)
        case (.double, .double): return try doubles(operation, left, right, at: position)
        case (.text, .text) where operation == .add:
            return Operand(sql: "(\(left.sql) || \(right.sql))", kind: .text, fails: true)
        case (.decimal, .decimal), (.decimal, .whole), (.whole, .decimal):
            guard let exact = operation.decimal else { return .failure }
            let sql = dialect.decimal(
                exact,
                ScaledSQL(left.sql, scale: left.scale),
                ScaledSQL(right.sql, scale: right.scale)
            )
            return Operand(sql: sql, kind: .decimal(max(left.scale, right.scale)), fails: true)
        case (.timestamp, .duration), (.timestamp, .timestamp), (.duration, .timestamp), (.duration, .duration):
            return time(operation, left, right)
        case (.any, _), (_, .any): return assumesKnown ? assumed(.dyn) : .failure
        case (.json, _), (_, .json): throw TranslationRefusal("arithmetic with free data", at: position)
        case (.list, _), (_, .list): throw TranslationRefusal("a list that is made from the record", at: position)
        default: return .failure
        }
    }

    private func doubles(
        _ operation: Term.Arithmetic,
        _ left: Operand,
        _ right: Operand,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> Operand {
        let sql: SQL
        switch operation {
        case .add: sql = dialect.double(.add, left.sql, right.sql)
        case .subtract: sql = dialect.double(.subtract, left.sql, right.sql)
        case .multiply: sql = dialect.double(.multiply, left.sql, right.sql)
        case .divide:
            // Databases know no infinity here, so a zero must not be possible.
            guard case .double(let divisor)? = right.literal, divisor != 0 else {
                throw TranslationRefusal("a division by a double that may be zero", at: position)
            }
            sql = dialect.double(.divide, left.sql, right.sql)
        case .remainder: return .failure
        }
        let presence = SQL.all([left.hasValue, right.hasValue])
        return Operand(sql: sql, kind: .double, fails: true, presence: presence, mayBeNaN: true)
    }

    /// Moments of the years 1–9999 and lengths of ±292 years, both in milliseconds.
    private func time(_ operation: Term.Arithmetic, _ left: Operand, _ right: Operand) -> Operand {
        let isMoment = (left.kind == .timestamp) != (right.kind == .timestamp)
        let (first, second) = (milliseconds(left), milliseconds(right))
        let sql: SQL
        switch operation {
        case .add where left.kind != right.kind || left.kind == .duration: sql = "(\(first) + \(second))"
        case .subtract where left.kind == .timestamp || right.kind == .duration: sql = "(\(first) - \(second))"
        default: return .failure
        }
        guard isMoment else {
            let length = dialect.bounded(sql, -9_223_372_036_854...9_223_372_036_854)
            return Operand(sql: length, kind: .duration, fails: true)
        }
        let moment = dialect.bounded(sql, Timestamp.earliest.milliseconds...Timestamp.latest.milliseconds)
        return Operand(sql: dialect.moment(fromMilliseconds: moment), kind: .timestamp, fails: true)
    }

    private func milliseconds(_ time: Operand) -> SQL {
        switch time.literal {
        // A known one needs no question to the database.
        case .timestamp(let moment): "\(.integer(moment.timestamp.milliseconds))"
        default: time.kind == .timestamp ? dialect.milliseconds(of: time.sql) : time.sql
        }
    }

    func negated(_ operand: Operand, at position: ExpressionPosition) throws(TranslationRefusal) -> Operand {
        switch operand.kind {
        case .whole:
            return Operand(sql: dialect.whole(.subtract, "0", operand.sql), kind: .whole, fails: true)
        case .double:
            var negated = operand
            negated.sql = "(-\(operand.sql))"
            negated.literal = nil
            negated.presence = operand.mayBeNaN ? operand.presence : nil
            negated.fails = operand.fails || operand.isNullable
            negated.isNullable = false
            return negated
        case .decimal, .duration: return Operand(sql: "(-\(operand.sql))", kind: operand.kind, fails: true)
        case .any: return operand
        case .json: throw TranslationRefusal("arithmetic with free data", at: position)
        default: return .failure
        }
    }
}

extension Term.Arithmetic {
    fileprivate var whole: WholeOperation {
        switch self {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .remainder: .remainder
        }
    }

    fileprivate var decimal: DecimalOperation? {
        switch self {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        default: nil
        }
    }
}
