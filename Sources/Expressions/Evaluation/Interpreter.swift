/// Runs a checked tree. Evaluation and folding are the same walk, so that they cannot disagree: what depends on an
/// unknown variable is left standing, everything else becomes its value.
struct Interpreter {
    enum Outcome {
        case value(Datum)
        case failure(EvaluationFailure)
        /// What depends on something unknown.
        case residual(Term)
    }

    /// What a local variable holds at the moment.
    enum Slot {
        case value(Datum)
        case failure(EvaluationFailure)
        case unknown
    }

    let known: Known
    /// Whether a variable without a value is left standing, or is a failure.
    let keepsUnknown: Bool
    /// Whether this is before any time zones are known, so that what needs one must wait.
    let waitsForZones: Bool
    var meter: Meter
    private var slots: [Slot] = []

    init(known: Known, keepsUnknown: Bool, waitsForZones: Bool = false, stepsAtMost: Int) {
        self.known = known
        self.keepsUnknown = keepsUnknown
        self.waitsForZones = waitsForZones
        meter = Meter(stepsAtMost: stepsAtMost)
    }

    mutating func set(_ local: Local, to slot: Slot) {
        while slots.count <= local.slot { slots.append(.unknown) }
        slots[local.slot] = slot
    }

    func slot(_ local: Local) -> Slot {
        local.slot < slots.count ? slots[local.slot] : .unknown
    }

    mutating func run(_ term: Term) -> Outcome {
        do throws(EvaluationFailure.Reason) {
            try meter.spend()
            switch term.kind {
            case .literal(let value): return .value(value)
            case .failure(let failure): return .failure(failure)
            case .path(let path): return try read(path, term)
            case .hasPath(let path): return try has(path, term)
            case .and(let operands): return junction(operands, absorbing: false, term)
            case .or(let operands): return junction(operands, absorbing: true, term)
            case .comprehension(let comprehension): return try run(comprehension, term)
            case .ternary(let condition, let yes, let no): return try choose(condition, yes, no, term)
            case .bind(let local, let value, let body): return bind(local, value, body, term)
            default: return try runStrict(term)
            }
        } catch {
            return .failure(EvaluationFailure(error, at: term.position))
        }
    }

    /// Operations that need all of their operands.
    private mutating func runStrict(_ term: Term) throws(EvaluationFailure.Reason) -> Outcome {
        switch term.kind {
        case .compare(let comparison, let left, let right):
            return try binary(left, right, term) { (left, right, meter) throws(EvaluationFailure.Reason) in
                try Operators.compare(comparison, left, right, meter: &meter)
            } rebuild: {
                .compare(comparison, $0, $1)
            }
        case .arithmetic(let operation, let left, let right):
            return try binary(left, right, term) { (left, right, meter) throws(EvaluationFailure.Reason) in
                try Operators.calculate(operation, left, right, meter: &meter)
            } rebuild: {
                .arithmetic(operation, $0, $1)
            }
        case .membership(let element, let container):
            return try binary(element, container, term) {
                (element, container, meter) throws(EvaluationFailure.Reason) in
                try Operators.membership(element, of: container, meter: &meter)
            } rebuild: {
                .membership($0, of: $1)
            }
        case .index(let container, let index):
            return try binary(container, index, term) { (container, index, _) throws(EvaluationFailure.Reason) in
                try Operators.element(of: container, at: index)
            } rebuild: {
                .index($0, $1)
            }
        default:
            return try runUnary(term)
        }
    }

    private mutating func runUnary(_ term: Term) throws(EvaluationFailure.Reason) -> Outcome {
        switch term.kind {
        case .not(let operand):
            return try unary(operand, term) { (value, _) throws(EvaluationFailure.Reason) in
                guard case .bool(let value) = value else { throw .noSuchOverload("!\(value.typeName)") }
                return .bool(!value)
            } rebuild: {
                .not($0)
            }
        case .negate(let operand):
            return try unary(operand, term) { (value, _) throws(EvaluationFailure.Reason) in
                try Operators.negate(value)
            } rebuild: {
                .negate($0)
            }
        case .member(let operand, let name):
            return try unary(operand, term) { (value, _) throws(EvaluationFailure.Reason) in
                try Operators.member(name, of: value)
            } rebuild: {
                .member($0, name)
            }
        case .hasMember(let operand, let name):
            return try unary(operand, term) { (value, _) throws(EvaluationFailure.Reason) in
                guard case .map(let map) = value else { throw .noSuchOverload("has(\(value.typeName).\(name))") }
                return .bool(map[name: name] != nil)
            } rebuild: {
                .hasMember($0, name)
            }
        case .matches(let text, let pattern):
            return try unary(text, term) { (value, meter) throws(EvaluationFailure.Reason) in
                guard case .string(let text) = value else { throw .noSuchOverload("\(value.typeName).matches(string)") }
                return .bool(try pattern.matches(text, meter: &meter))
            } rebuild: {
                .matches($0, pattern)
            }
        default:
            return try runMany(term)
        }
    }

    private mutating func runMany(_ term: Term) throws(EvaluationFailure.Reason) -> Outcome {
        switch term.kind {
        case .call(let function, let arguments):
            let zones = known.zones
            let waits = waitsForZones && function.takesZone && arguments.count == 2
            return try many(arguments, term, waits: waits) { (values, meter) throws(EvaluationFailure.Reason) in
                try meter.spend(2)
                return try function.apply(values, zones: zones, meter: &meter)
            } rebuild: {
                .call(function, $0)
            }
        case .list(let elements):
            return try many(elements, term) { (values, _) in
                .list(values)
            } rebuild: {
                .list($0)
            }
        case .map(let entries):
            return try many(entries.flatMap { [$0.key, $0.value] }, term) {
                (values, meter) throws(EvaluationFailure.Reason) in
                try Operators.map(values, meter: &meter)
            } rebuild: { terms in
                .map(entries.indices.map { Term.Entry(key: terms[$0 * 2], value: terms[$0 * 2 + 1]) })
            }
        default:
            throw .noSuchOverload("this operation")
        }
    }
}
