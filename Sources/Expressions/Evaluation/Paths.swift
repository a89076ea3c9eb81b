/// Reading variables and what hangs on them.
extension Interpreter {
    private enum Root {
        case value(Datum)
        case failure(EvaluationFailure)
        case unknown
    }

    private func root(of path: Path) throws(EvaluationFailure.Reason) -> Root {
        switch path.root {
        case .variable(let name):
            if let value = known.values[name] { return .value(value) }
            if keepsUnknown { return .unknown }
            throw .unknownName(name)
        case .local(let local):
            switch slot(local) {
            case .value(let value): return .value(value)
            case .failure(let failure): return .failure(failure)
            case .unknown: return .unknown
            }
        }
    }

    mutating func read(_ path: Path, _ term: Term) throws(EvaluationFailure.Reason) -> Outcome {
        switch try root(of: path) {
        case .unknown: return .residual(term)
        case .failure(let failure): return .failure(failure)
        case .value(var value):
            for step in path.steps {
                try meter.spend()
                let owner = followed(value, step)
                if isUnread(owner, step) { return .residual(term) }
                value = try Operators.member(step.name, of: owner)
            }
            return .value(value)
        }
    }

    /// What a step reads from: the record behind an id, or the value itself.
    private func followed(_ value: Datum, _ step: Path.Step) -> Datum {
        guard case .relation(let collection) = step.from, case .string(let id) = value,
            let record = known.record(collection, id)
        else { return value }
        return .map(record)
    }

    /// Whether it is the id of a record that was not read, where what is not known is left as it is.
    private func isUnread(_ owner: Datum, _ step: Path.Step) -> Bool {
        guard keepsUnknown, case .relation = step.from, case .string = owner else { return false }
        return true
    }

    /// A record's field is there when it has a value, and a relation without a target has no fields; a key of a map is
    /// there when the map has it (CEL langdef, "Field Selection").
    mutating func has(_ path: Path, _ term: Term) throws(EvaluationFailure.Reason) -> Outcome {
        switch try root(of: path) {
        case .unknown: return .residual(term)
        case .failure(let failure): return .failure(failure)
        case .value(var value):
            for (place, step) in path.steps.enumerated() {
                try meter.spend()
                let described = step.from.hasFields
                if described, value.isNull { return .value(.bool(false)) }
                let owner = followed(value, step)
                if isUnread(owner, step) { return .residual(term) }
                guard case .map(let map) = owner else {
                    throw .noSuchOverload("has(\(owner.typeName).\(step.name))")
                }
                let last = place == path.steps.count - 1
                guard let next = map[name: step.name] else {
                    if described || last { return .value(.bool(false)) }
                    throw .noSuchField(step.name)
                }
                if last, !described { return .value(.bool(true)) }
                value = next
            }
            return .value(.bool(!value.isNull))
        }
    }
}

extension ValueType {
    /// Whether its members are fields that a scope describes, rather than keys of free data.
    var hasFields: Bool {
        switch self {
        case .record, .relation: true
        default: false
        }
    }
}
