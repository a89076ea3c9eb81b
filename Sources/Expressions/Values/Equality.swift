import OffstageSchema

extension Datum {
    /// CEL's `==`: numbers by value across their types, lists and maps by their elements, unlike types never equal.
    package func equals(_ other: Datum) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.bytes(let left), .bytes(let right)): left == right
        case (.timestamp(let left), .timestamp(let right)): left == right
        case (.duration(let left), .duration(let right)): left == right
        case (.date(let left), .date(let right)): left == right
        case (.type(let left), .type(let right)): left == right
        case (.list(let left), .list(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.equals($1) }
        case (.map(let left), .map(let right)): left.equals(right)
        default: numericOrder(to: other) == .some(.same)
        }
    }

    enum Order { case less, same, greater }

    /// The order of two values that have one; nil for unlike types, for null, lists and maps, and for NaN.
    func order(to other: Datum) -> Order? {
        switch (self, other) {
        case (.int(let left), .int(let right)): Self.order(left, right)
        case (.bool(let left), .bool(let right)): Self.order(left ? 1 : 0, right ? 1 : 0)
        case (.string(let left), .string(let right)): Self.order(left.utf8, right.utf8)
        case (.bytes(let left), .bytes(let right)): Self.order(left, right)
        case (.timestamp(let left), .timestamp(let right)): Self.order(left, right)
        case (.duration(let left), .duration(let right)): Self.order(left, right)
        case (.date(let left), .date(let right)): Self.order(left, right)
        default: numericOrder(to: other)
        }
    }

    /// Whether `<` exists between the two, although NaN may leave them without an order.
    func isOrdered(with other: Datum) -> Bool {
        switch (self, other) {
        case (.double, .int), (.double, .uint), (.double, .double), (.int, .double), (.uint, .double): true
        default: order(to: other) != nil
        }
    }

    /// Compares numbers of any two types by their values. Decimals have no order with doubles.
    private func numericOrder(to other: Datum) -> Order? {
        switch (self, other) {
        case (.int(let left), .int(let right)): Self.order(left, right)
        case (.uint(let left), .uint(let right)): Self.order(left, right)
        case (.int(let left), .uint(let right)): Self.order(Int128(left), Int128(right))
        case (.uint(let left), .int(let right)): Self.order(Int128(left), Int128(right))
        case (.double(let left), .double(let right)): Self.partialOrder(left, right)
        case (.int(let left), .double(let right)): Self.order(Int128(left), toDouble: right)
        case (.uint(let left), .double(let right)): Self.order(Int128(left), toDouble: right)
        case (.double(let left), .int(let right)): Self.order(Int128(right), toDouble: left)?.reversed
        case (.double(let left), .uint(let right)): Self.order(Int128(right), toDouble: left)?.reversed
        case (.decimal(let left), .decimal(let right)): left.order(to: right)
        case (.decimal(let left), .int(let right)): left.order(to: Decimal(unscaled: right, scale: 0))
        case (.int(let left), .decimal(let right)): Decimal(unscaled: left, scale: 0).order(to: right)
        default: nil
        }
    }

    private static func order<T: Comparable>(_ left: T, _ right: T) -> Order {
        left == right ? .same : left < right ? .less : .greater
    }

    private static func partialOrder(_ left: Double, _ right: Double) -> Order? {
        left == right ? .same : left < right ? .less : left > right ? .greater : nil
    }

    /// CEL compares a whole number with a double as doubles; beyond 2^53 that is not exact, and the conformance cases want
    /// it so.
    private static func order(_ left: Int128, toDouble right: Double) -> Order? {
        partialOrder(Double(left), right)
    }

    private static func order(_ left: String.UTF8View, _ right: String.UTF8View) -> Order {
        left.elementsEqual(right) ? .same : left.lexicographicallyPrecedes(right) ? .less : .greater
    }

    private static func order(_ left: [UInt8], _ right: [UInt8]) -> Order {
        left == right ? .same : left.lexicographicallyPrecedes(right) ? .less : .greater
    }
}

extension Datum.Order {
    var reversed: Datum.Order {
        switch self {
        case .less: .greater
        case .same: .same
        case .greater: .less
        }
    }
}

extension DatumMap {
    func equals(_ other: DatumMap) -> Bool {
        guard count == other.count else { return false }
        for (key, value) in zip(keys, values) {
            guard let found = other[key], found.equals(value) else { return false }
        }
        return true
    }
}
