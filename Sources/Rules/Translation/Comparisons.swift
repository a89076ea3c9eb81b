import OffstageExpressions
import OffstageSchema
import OffstageStorage

/// `== != < <= > >=`.
extension Translator {
    mutating func compared(
        _ comparison: Term.Comparison,
        _ left: Term,
        _ right: Term,
        is wanted: Bool,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> SQL {
        guard comparison != .notEqual else {
            return try compared(.equal, left, right, is: !wanted, at: position)
        }
        let first = try operand(left)
        let second = try operand(right)
        if comparison == .equal, wanted {
            if let path = left.path, let sql = try soughtThroughRelations(path, equals: second, at: position) {
                return sql
            }
            if let path = right.path, let sql = try soughtThroughRelations(path, equals: first, at: position) {
                return sql
            }
        }
        return try compared(comparison, first, second, is: wanted, at: position)
    }

    func compared(
        _ comparison: Term.Comparison,
        _ left: Operand,
        _ right: Operand,
        is wanted: Bool,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> SQL {
        if comparison == .notEqual { return try compared(.equal, left, right, is: !wanted, at: position) }
        // Known values stand on the right.
        if left.literal != nil, right.literal == nil {
            return try compared(comparison.flipped, right, left, is: wanted, at: position)
        }
        switch (left.kind, right.kind) {
        case (.null, _), (_, .null): return comparison == .equal ? isNull(left, right, is: wanted) : .no
        case (.json(let path), _): return try freeData(comparison, left, path, right, is: wanted, at: position)
        case (_, .json(let path)):
            return try freeData(comparison.flipped, right, path, left, is: wanted, at: position)
        case (.any, _), (_, .any): break
        case (.whole, .double):
            return alike(comparison, converted(left), right, is: wanted)
        case (.double, .whole):
            return alike(comparison, left, converted(right), is: wanted)
        case (.decimal, .decimal), (.decimal, .whole), (.whole, .decimal):
            return decimals(comparison, left, right, is: wanted)
        case (.timestamp, .timestamp), (.duration, .duration):
            if right.literal?.isFinerThanMilliseconds == true {
                return beside(comparison, left, below: right, is: wanted)
            }
        case (.list, .list):
            guard comparison == .equal else { return .no }
        case let (first, second) where first != second:
            return comparison == .equal ? unlike(left, right, is: wanted) : .no
        default: break
        }
        return alike(comparison, left, right, is: wanted)
    }

    /// Compares values that the database compares as CEL does.
    private func alike(_ comparison: Term.Comparison, _ left: Operand, _ right: Operand, is wanted: Bool) -> SQL {
        switch (comparison, wanted) {
        case (.equal, true): same(left, right)
        case (.equal, false): different(left, right)
        default: ordered(comparison, left, right, is: wanted)
        }
    }

    /// A plain `=` wherever one side cannot be null, so that indexes stay usable.
    private func same(_ left: Operand, _ right: Operand) -> SQL {
        if case .withoutCase(let key)? = left.indexed, case .string(let text)? = right.literal {
            let lowered = Value.text(text.asciiLowercased)
            return .all(["\(key) = \(lowered)", "\(left.sql) = \(right.sql)"])
        }
        if let left = left.identifier, right.literal != nil {
            return right.knownIdentifier.map { "\(left) = \($0)" } ?? .no
        }
        if let leftID = left.identifier, let rightID = right.identifier, !(left.isNullable && right.isNullable) {
            return "\(leftID) = \(rightID)"
        }
        guard left.isNullable, right.isNullable else { return "\(left.sql) = \(right.sql)" }
        return .all([dialect.isSame(left.sql, right.sql), left.isPresent, right.isPresent])
    }

    private func different(_ left: Operand, _ right: Operand) -> SQL {
        if !left.isNullable, !right.isNullable, !left.mayBeNaN, !right.mayBeNaN {
            return "\(left.sql) <> \(right.sql)"
        }
        // NaN is not even equal to itself.
        let nan = [left, right].filter(\.mayBeNaN).map { SQL("\($0.sql) IS NULL") }
        return .all([.any([dialect.isDifferent(left.sql, right.sql)] + nan), left.isPresent, right.isPresent])
    }

    private func ordered(_ comparison: Term.Comparison, _ left: Operand, _ right: Operand, is wanted: Bool) -> SQL {
        let sql = (wanted ? comparison : comparison.opposite).sql(left.sql, right.sql)
        guard !wanted, left.mayBeNaN || right.mayBeNaN else { return sql }
        // Every question about the order of NaN is answered with no.
        let isNaN = [left, right].filter(\.mayBeNaN).map { SQL("\($0.sql) IS NULL") }
        return .any([sql, .all([.any(isNaN), left.hasValue, right.hasValue])])
    }

    /// Equality with null.
    private func isNull(_ left: Operand, _ right: Operand, is wanted: Bool) -> SQL {
        if left.kind == .null, right.kind == .null { return wanted ? .yes : .no }
        let other = left.kind == .null ? right : left
        if case .json(let path) = other.kind {
            let kind: SQL =
                "coalesce(\(dialect.jsonKind(other.sql, path)), \(.text(path.isEmpty ? "null" : "nothing")))"
            let isThere: SQL? = path.isEmpty ? nil : "\(dialect.jsonKind(other.sql, path)) IS NOT NULL"
            return wanted ? "\(kind) = \(.text("null"))" : .all(["\(kind) <> \(.text("null"))", isThere])
        }
        guard other.isNullable else { return wanted ? .no : other.isPresent ?? .yes }
        if wanted { return .all(["\(other.sql) IS NULL", other.isPresent]) }
        return "\(other.sql) IS NOT NULL"
    }

    /// Values of unlike types: never equal, and that is no error. Only data whose type is not declared gets here.
    private func unlike(_ left: Operand, _ right: Operand, is wanted: Bool) -> SQL {
        let areThere = [left.isPresent, right.isPresent]
        let areNull = SQL.all(["\(left.sql) IS NULL", "\(right.sql) IS NULL"])
        let mayBeEqual = left.isNullable && right.isNullable
        if wanted { return mayBeEqual ? .all([areNull] + areThere) : .no }
        return .all(areThere + (mayBeEqual ? ["(\(left.sql) IS NOT NULL OR \(right.sql) IS NOT NULL)"] : []))
    }

    /// A whole number and a double are compared as doubles.
    private func converted(_ whole: Operand) -> Operand {
        var double = whole
        double.sql = dialect.double(whole.sql)
        double.kind = .double
        return double
    }

    // MARK: Known values between those that are kept

    /// Compares with a value that lies above the one given and below the next that can be kept.
    private func beside(_ comparison: Term.Comparison, _ left: Operand, below right: Operand, is wanted: Bool) -> SQL {
        switch comparison {
        case .less, .lessOrEqual: alike(.lessOrEqual, left, right, is: wanted)
        case .greater, .greaterOrEqual: alike(.greater, left, right, is: wanted)
        default: wanted ? .no : left.isPresent ?? .yes
        }
    }

    private func decimals(_ comparison: Term.Comparison, _ left: Operand, _ right: Operand, is wanted: Bool) -> SQL {
        guard left.scale != right.scale else { return alike(comparison, left, right, is: wanted) }
        if let known = right.knownDecimal {
            var bound = right
            let (unscaled, isExact) = known.floor(scale: left.scale)
            bound.sql = "\(.integer(unscaled))"
            return isExact
                ? alike(comparison, left, bound, is: wanted) : beside(comparison, left, below: bound, is: wanted)
        }
        let order = dialect.decimalOrder(
            ScaledSQL(left.sql, scale: left.scale),
            ScaledSQL(right.sql, scale: right.scale)
        )
        guard comparison == .equal else {
            return (wanted ? comparison : comparison.opposite).sql(order, "0")
        }
        let (mayBothBeNull, present) = (left.isNullable && right.isNullable, [left.isPresent, right.isPresent])
        let areNull = SQL.all(["\(left.sql) IS NULL", "\(right.sql) IS NULL"] + present)
        if wanted { return mayBothBeNull ? .any(["\(order) = 0", areNull]) : "\(order) = 0" }
        guard left.isNullable || right.isNullable else { return "\(order) <> 0" }
        let oneIsNull = SQL.any([
            .all(["\(left.sql) IS NULL", "\(right.sql) IS NOT NULL"]),
            .all(["\(left.sql) IS NOT NULL", "\(right.sql) IS NULL"]),
        ])
        return .any(["\(order) <> 0", .all([oneIsNull] + present)])
    }
}

extension Operand {
    /// A known text as an id; nil for any other, which no id is the same as: ids are kept in lower case.
    var knownIdentifier: SQL? {
        guard case .string(let text)? = literal, let id = Identifier(text), id.description.isExactly(text) else {
            return nil
        }
        return "\(.identifier(id))"
    }

    /// Digits after the point; a whole number has none.
    var scale: Int {
        if case .decimal(let scale) = kind { scale } else { 0 }
    }

    fileprivate var knownDecimal: Decimal? {
        switch literal {
        case .decimal(let decimal): decimal
        case .int(let whole): Decimal(unscaled: whole, scale: 0)
        default: nil
        }
    }
}

extension Decimal {
    /// The value at another scale, towards smaller when it is finer than that. One beyond 64 bits becomes the last, which no
    /// decimal reaches.
    fileprivate func floor(scale other: Int) -> (unscaled: Int64, isExact: Bool) {
        if other >= scale {
            let scaled = Int128(unscaled) * Int128(Self.powerOfTen(other - scale))
            return (Int64(clamping: scaled), true)
        }
        let divisor = Int64(Self.powerOfTen(scale - other))
        let (quotient, remainder) = unscaled.quotientAndRemainder(dividingBy: divisor)
        return (remainder < 0 ? quotient - 1 : quotient, remainder == 0)
    }
}

extension Term.Comparison {
    /// With the sides exchanged.
    var flipped: Term.Comparison {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        default: self
        }
    }

    /// What holds where this does not, of values that have an order.
    var opposite: Term.Comparison {
        switch self {
        case .less: .greaterOrEqual
        case .lessOrEqual: .greater
        case .greater: .lessOrEqual
        case .greaterOrEqual: .less
        case .equal: .notEqual
        case .notEqual: .equal
        }
    }

    func sql(_ left: SQL, _ right: SQL) -> SQL {
        switch self {
        case .equal: "\(left) = \(right)"
        case .notEqual: "\(left) <> \(right)"
        case .less: "\(left) < \(right)"
        case .lessOrEqual: "\(left) <= \(right)"
        case .greater: "\(left) > \(right)"
        case .greaterOrEqual: "\(left) >= \(right)"
        }
    }
}
