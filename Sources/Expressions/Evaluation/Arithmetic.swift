import OffstageSchema

extension Operators {
    static func calculate(
        _ operation: Term.Arithmetic,
        _ left: Datum,
        _ right: Datum,
        meter: inout Meter
    ) throws(EvaluationFailure.Reason) -> Datum {
        switch (left, right) {
        case (.int(let left), .int(let right)): return .int(try whole(operation, left, right))
        case (.uint(let left), .uint(let right)): return .uint(try whole(operation, left, right))
        case (.double(let left), .double(let right)):
            guard let result = double(operation, left, right) else { break }
            return .double(result)
        case (.string(let left), .string(let right)) where operation == .add:
            try meter.spend(bytes: left.utf8.count + right.utf8.count)
            return .string(left + right)
        case (.bytes(let left), .bytes(let right)) where operation == .add:
            try meter.spend(bytes: left.count + right.count)
            return .bytes(left + right)
        case (.list(let left), .list(let right)) where operation == .add:
            try meter.spend(left.count + right.count)
            return .list(left + right)
        default:
            if let result = try time(operation, left, right) { return result }
            if let result = try decimal(operation, left, right) { return result }
        }
        throw noOverload(operation.rawValue, left, right)
    }

    private static func whole<T: FixedWidthInteger>(
        _ operation: Term.Arithmetic,
        _ left: T,
        _ right: T
    ) throws(EvaluationFailure.Reason) -> T {
        let (result, overflow): (T, Bool)
        switch operation {
        case .add: (result, overflow) = left.addingReportingOverflow(right)
        case .subtract: (result, overflow) = left.subtractingReportingOverflow(right)
        case .multiply: (result, overflow) = left.multipliedReportingOverflow(by: right)
        case .divide:
            if right == 0 { throw .divisionByZero }
            (result, overflow) = left.dividedReportingOverflow(by: right)
        case .remainder:
            if right == 0 { throw .divisionByZero }
            (result, overflow) = left.remainderReportingOverflow(dividingBy: right)
        }
        if overflow { throw .overflow }
        return result
    }

    private static func double(_ operation: Term.Arithmetic, _ left: Double, _ right: Double) -> Double? {
        switch operation {
        case .add: left + right
        case .subtract: left - right
        case .multiply: left * right
        case .divide: left / right
        case .remainder: nil
        }
    }

    /// Moments and durations; nil when the operands are neither.
    private static func time(
        _ operation: Term.Arithmetic,
        _ left: Datum,
        _ right: Datum
    ) throws(EvaluationFailure.Reason) -> Datum? {
        let result: Datum?
        switch (operation, left, right) {
        case (.add, .timestamp(let moment), .duration(let span)), (.add, .duration(let span), .timestamp(let moment)):
            result = moment.adding(span).map(Datum.timestamp)
        case (.add, .duration(let left), .duration(let right)): result = left.adding(right).map(Datum.duration)
        case (.subtract, .timestamp(let moment), .duration(let span)):
            result = moment.subtracting(span).map(Datum.timestamp)
        case (.subtract, .timestamp(let left), .timestamp(let right)): result = left.since(right).map(Datum.duration)
        case (.subtract, .duration(let left), .duration(let right)):
            result = left.subtracting(right).map(Datum.duration)
        default: return nil
        }
        guard let result else { throw .outOfRange }
        return result
    }

    /// Decimals with decimals and whole numbers; nil when the operands are something else.
    private static func decimal(
        _ operation: Term.Arithmetic,
        _ left: Datum,
        _ right: Datum
    ) throws(EvaluationFailure.Reason) -> Datum? {
        let result: Decimal?
        switch (operation, left, right) {
        case (.add, .decimal(let left), .decimal(let right)): result = left.adding(right)
        case (.subtract, .decimal(let left), .decimal(let right)): result = left.subtracting(right)
        case (.add, .decimal(let decimal), .int(let whole)), (.add, .int(let whole), .decimal(let decimal)):
            result = decimal.adding(Decimal(unscaled: whole, scale: 0))
        case (.subtract, .decimal(let decimal), .int(let whole)):
            result = decimal.subtracting(Decimal(unscaled: whole, scale: 0))
        case (.subtract, .int(let whole), .decimal(let decimal)):
            result = Decimal(unscaled: whole, scale: 0).subtracting(decimal)
        case (.multiply, .decimal(let decimal), .int(let whole)), (.multiply, .int(let whole), .decimal(let decimal)):
            result = decimal.multiplied(by: whole)
        default: return nil
        }
        guard let result else { throw .overflow }
        return .decimal(result)
    }
}
