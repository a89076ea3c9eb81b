import OffstageExpressions
import OffstageSchema
import OffstageStorage

/// Stored JSON compared with known values. What stands there is looked at before it is compared.
extension Translator {
    func freeData(
        _ comparison: Term.Comparison,
        _ data: Operand,
        _ path: [String],
        _ value: Operand,
        is wanted: Bool,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> SQL {
        guard value.literal != nil || value.kind == .any else {
            throw TranslationRefusal("free data beside another field", at: position)
        }
        if value.kind == .any { return assumesKnown ? .yes : .no }
        let kind = dialect.jsonKind(data.sql, path)
        let asked = comparison == .equal || wanted ? comparison : comparison.opposite
        let holds: SQL
        switch value.kind {
        case .text:
            let text = dialect.jsonText(data.sql, path)
            holds = "(\(kind) = \(.text("text")) AND \(asked.sql(text, value.sql)))"
        case .whole:
            let whole = dialect.jsonWhole(data.sql, path)
            let double = dialect.jsonDouble(data.sql, path)
            let integer: SQL = "(\(kind) = \(.text("integer")) AND \(asked.sql(whole, value.sql)))"
            let real: SQL = "(\(kind) = \(.text("real")) AND \(asked.sql(double, dialect.double(value.sql))))"
            holds = .any([integer, real])
        case .double where !value.mayBeNaN:
            let isNumber: SQL = "\(kind) IN (\(.text("integer")), \(.text("real")))"
            holds = .all([isNumber, asked.sql(dialect.jsonDouble(data.sql, path), value.sql)])
        case .bool:
            guard comparison == .equal, case .bool(let boolean)? = value.literal else {
                guard assumesKnown else {
                    throw TranslationRefusal("the order of true and false in free data", at: position)
                }
                return .yes
            }
            holds = "\(kind) = \(.text(boolean ? "true" : "false"))"
        default:
            guard comparison == .equal else { return .no }
            // No decimal, day or moment stands in JSON, so nothing there is equal to one.
            if case .list = value.kind { throw TranslationRefusal("a list in free data", at: position) }
            holds = .no
        }
        guard comparison == .equal, !wanted else { return holds }
        // Empty free data as a whole is null, which is different from every value; below it, what is missing is an error.
        let isThere: SQL? = path.isEmpty ? nil : "\(kind) IS NOT NULL"
        return .all(["(\(holds)) IS NOT TRUE", isThere])
    }
}
