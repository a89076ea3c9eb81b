/// `all`, `exists`, `exists_one`, `filter`, `map` and the `transform…` macros.
extension Interpreter {
    /// A condition over a known list that depends on something unknown is written out for so many elements at most.
    private static let writtenOutAtMost = 64

    private static let stepsOfCopy = 8

    private typealias Element = (first: Datum, second: Datum)

    mutating func run(_ comprehension: Comprehension, _ term: Term) throws(EvaluationFailure.Reason) -> Outcome {
        let range = run(comprehension.range)
        switch range {
        case .failure: return range
        case .residual(let rest): return rebuilt(comprehension, over: rest, term)
        case .value(let value):
            let elements = try elements(of: value, comprehension)
            switch comprehension.kind {
            case .all: return decide(comprehension, elements, value, absorbing: false, term)
            case .exists: return decide(comprehension, elements, value, absorbing: true, term)
            default: return try collect(comprehension, elements, value, term)
            }
        }
    }

    private func elements(
        of value: Datum,
        _ comprehension: Comprehension
    ) throws(EvaluationFailure.Reason) -> [Element] {
        let pairs = comprehension.variables.count == 2
        switch value {
        case .list(let list):
            return list.enumerated().map { pairs ? (.int(Int64($0.offset)), $0.element) : ($0.element, .null) }
        case .map(let map):
            return zip(map.keys, map.values).map { ($0, $1) }
        default: throw .noSuchOverload("\(value.typeName).\(comprehension.kind.rawValue)(…)")
        }
    }

    private mutating func bind(_ element: Element, _ variables: [Local]) {
        if let first = variables.first { set(first, to: .value(element.first)) }
        if variables.count > 1 { set(variables[1], to: .value(element.second)) }
    }

    /// `all` is `&&` over the elements and `exists` is `||`, with the same absorption.
    private mutating func decide(
        _ comprehension: Comprehension,
        _ elements: [Element],
        _ range: Datum,
        absorbing: Bool,
        _ term: Term
    ) -> Outcome {
        guard let condition = comprehension.condition else { return .value(.bool(!absorbing)) }
        var failure: EvaluationFailure?
        var left: [Term] = []
        for element in elements {
            bind(element, comprehension.variables)
            switch run(condition) {
            case .value(.bool(absorbing)): return .value(.bool(absorbing))
            case .value(.bool): break
            case .value(let value):
                let reason = EvaluationFailure.Reason.noSuchOverload("\(value.typeName) in a condition")
                failure = failure ?? EvaluationFailure(reason, at: condition.position)
            case .failure(let found):
                if found.reason == .costExceeded { return .failure(found) }
                failure = failure ?? found
            case .residual(let rest):
                guard left.count < Self.writtenOutAtMost else {
                    return rebuilt(comprehension, over: standing(.value(range), for: comprehension.range), term)
                }
                // What is left is translated and sent to a database, so each copy counts as more than a step.
                if (try? meter.spend(Self.stepsOfCopy)) == nil {
                    return .failure(EvaluationFailure(.costExceeded, at: term.position))
                }
                left.append(rest)
            }
        }
        return joined(left, failure, absorbing: absorbing, term)
    }

    /// The others are strict: a failure of one element is a failure of the whole.
    private mutating func collect(
        _ comprehension: Comprehension,
        _ elements: [Element],
        _ range: Datum,
        _ term: Term
    ) throws(EvaluationFailure.Reason) -> Outcome {
        var collected = Collected()
        for element in elements {
            bind(element, comprehension.variables)
            if let condition = comprehension.condition {
                let outcome = run(condition)
                switch outcome {
                case .value(.bool(true)): break
                case .value(.bool(false)): continue
                case .value(let value): throw .noSuchOverload("\(value.typeName) in a condition")
                case .failure: return outcome
                case .residual:
                    return rebuilt(comprehension, over: standing(.value(range), for: comprehension.range), term)
                }
            }
            guard let body = comprehension.body else {
                collected.list.append(element.first)
                continue
            }
            let outcome = run(body)
            switch outcome {
            case .value(let value): try collected.add(value, at: element.first, comprehension.kind)
            case .failure: return outcome
            case .residual:
                return rebuilt(comprehension, over: standing(.value(range), for: comprehension.range), term)
            }
        }
        return .value(collected.result(comprehension.kind))
    }

    /// The comprehension with unknown elements: its parts folded as far as they go without them.
    private mutating func rebuilt(_ comprehension: Comprehension, over range: Term, _ term: Term) -> Outcome {
        for variable in comprehension.variables { set(variable, to: .unknown) }
        let condition = comprehension.condition.map { standing(run($0), for: $0) }
        let body = comprehension.body.map { standing(run($0), for: $0) }
        let rest = Comprehension(
            kind: comprehension.kind,
            range: range,
            variables: comprehension.variables,
            condition: condition,
            body: body
        )
        return .residual(Term(.comprehension(rest), term.type, at: term.position))
    }
}

/// What a comprehension has made so far.
private struct Collected {
    var list: [Datum] = []
    var map = DatumMap()

    mutating func add(
        _ value: Datum,
        at key: Datum,
        _ kind: Comprehension.Kind
    ) throws(EvaluationFailure.Reason) {
        switch kind {
        case .transformMap: try insert(key, value)
        case .transformMapEntry:
            guard case .map(let entries) = value else {
                throw .noSuchOverload("transformMapEntry to \(value.typeName)")
            }
            for (key, value) in zip(entries.keys, entries.values) { try insert(key, value) }
        default: list.append(value)
        }
    }

    private mutating func insert(_ key: Datum, _ value: Datum) throws(EvaluationFailure.Reason) {
        switch map.insert(key, value) {
        case .done: break
        case .repeatedKey: throw .repeatedKey
        case .unsupportedKey: throw .unsupportedKey
        }
    }

    func result(_ kind: Comprehension.Kind) -> Datum {
        switch kind {
        case .existsOne: .bool(list.count == 1)
        case .transformMap, .transformMapEntry: .map(map)
        default: .list(list)
        }
    }
}
