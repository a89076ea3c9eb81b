import OffstageSchema

/// The functions that engines have beside the database's own, by the same names: what an engine does not write in another way
/// it calls. An engine that has a function of another kind, or needs none, writes it itself.
extension ExpressionDialect {
    package func whole(_ operation: WholeOperation, _ left: SQL, _ right: SQL) -> SQL {
        switch operation {
        case .add: "offstage_add(\(left), \(right))"
        case .subtract: "offstage_subtract(\(left), \(right))"
        case .multiply: "offstage_multiply(\(left), \(right))"
        // The databases' own give NULL or an error for a zero, and a float or an error for the one quotient that does not fit.
        case .divide: "offstage_divide(\(left), \(right))"
        case .remainder: "offstage_remainder(\(left), \(right))"
        }
    }

    package func bounded(_ whole: SQL, _ range: ClosedRange<Int64>) -> SQL {
        "offstage_bounded(\(whole), \(.integer(range.lowerBound)), \(.integer(range.upperBound)))"
    }

    package func double(_ operation: DoubleOperation, _ left: SQL, _ right: SQL) -> SQL {
        switch operation {
        case .add: "offstage_double_add(\(left), \(right))"
        case .subtract: "offstage_double_subtract(\(left), \(right))"
        case .multiply: "offstage_double_multiply(\(left), \(right))"
        case .divide: "offstage_double_divide(\(left), \(right))"
        }
    }

    package func decimal(_ operation: DecimalOperation, _ left: ScaledSQL, _ right: ScaledSQL) -> SQL {
        let operands = scaled(left, right)
        return switch operation {
        case .add: "offstage_decimal_add(\(operands))"
        case .subtract: "offstage_decimal_subtract(\(operands))"
        case .multiply: "offstage_decimal_multiply(\(operands))"
        }
    }

    package func decimalOrder(_ left: ScaledSQL, _ right: ScaledSQL) -> SQL {
        "offstage_decimal_order(\(scaled(left, right)))"
    }

    private func scaled(_ left: ScaledSQL, _ right: ScaledSQL) -> SQL {
        "\(left.sql), \(.integer(Int64(left.scale))), \(right.sql), \(.integer(Int64(right.scale)))"
    }
}
