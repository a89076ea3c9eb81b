import OffstageAppFile
import OffstageSchema

/// What came of a test's request.
enum RuleTestOutcome {
    case records([Identifier])
    case record(hidden: [String])
    case done
    case failed(Failure)

    /// What was expected and what came; nil when it is the same.
    ///
    /// - Parameter names: what the file calls the records of the collection.
    func difference(from test: RuleTest, _ names: [Identifier: String]) -> (expected: String, came: String)? {
        holds(test, names) ? nil : (test.expected.inWords, inWords(names))
    }

    private func holds(_ test: RuleTest, _ names: [Identifier: String]) -> Bool {
        switch (test.expected, self) {
        case (.shows(let wanted), .records(let ids)):
            let shown = ids.map { names[$0] ?? "\($0)" }
            if case .list(_, _, .some) = test.request { return shown == wanted }
            return shown.sorted() == wanted.sorted()
        case (.hides(let wanted), .record(let hidden)): return hidden.sorted() == wanted.sorted()
        case (.allowed, .records), (.allowed, .record), (.allowed, .done): return true
        case (.denied, .failed(let failure)): return failure.isDenial
        case (.invalid(let fields), .failed(let failure)):
            guard failure.kind == .invalid else { return false }
            let faulty = Set(failure.faults.map { $0.pointer.split(separator: "/").first.map(String.init) ?? "" })
            return faulty.isSuperset(of: fields)
        case (.conflict, .failed(let failure)): return failure.kind == .conflict
        default: return false
        }
    }

    private func inWords(_ names: [Identifier: String]) -> String {
        switch self {
        case .records(let ids): return Self.list(ids.map { names[$0] ?? "\($0)" }, "shows")
        case .record(let hidden):
            return hidden.isEmpty ? "allowed, hides nothing" : "allowed, \(Self.list(hidden, "hides"))"
        case .done: return "allowed"
        case .failed(let failure):
            if failure.isDenial { return "denied (\(failure.kind.rawValue.spaced))" }
            let faults = failure.faults.map { fault in
                fault.pointer.isEmpty ? fault.message : "\(fault.pointer.dropFirst()) \(fault.message)"
            }
            return
                "\(failure.kind.rawValue.spaced): \((faults.isEmpty ? [failure.detail] : faults).joined(separator: "; "))"
        }
    }

    static func list(_ words: [String], _ verb: String) -> String {
        words.isEmpty ? "\(verb) nothing" : "\(verb) \(words.joined(separator: ", "))"
    }
}

extension RuleTest.Expectation {
    var inWords: String {
        switch self {
        case .shows(let names): RuleTestOutcome.list(names, "shows")
        case .hides(let fields): "allowed, \(RuleTestOutcome.list(fields, "hides"))"
        case .allowed: "allowed"
        case .denied: "denied"
        case .invalid(let fields): fields.isEmpty ? "invalid" : "invalid at \(fields.joined(separator: ", "))"
        case .conflict: "conflict"
        }
    }
}

extension Failure {
    /// Whether a rule said no, in one of the ways in which it does.
    fileprivate var isDenial: Bool {
        switch kind {
        case .notFound, .unauthenticated, .forbidden: true
        default: false
        }
    }
}

extension String {
    /// A code as words.
    fileprivate var spaced: String { String(map { $0 == "_" ? " " : $0 }) }
}
