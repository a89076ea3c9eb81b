/// A regular expression in RE2's syntax, matched in time linear in the text: no pattern, however made, is slow.
///
/// There are no back references and no look-around. `matches` looks anywhere in the text, as CEL does; `^` and `$` anchor.
package struct RegularExpression: Hashable, Sendable {
    package let source: String
    private let program: [RegexInstruction]

    /// Why a pattern is none.
    package struct Refusal: Error, Hashable, Sendable {
        package let reason: String
    }

    package init(pattern: String) throws(Refusal) {
        source = pattern
        var parser = RegexParser(pattern)
        var compiler = RegexCompiler()
        try compiler.emit(try parser.parse())
        program = compiler.program + [.match]
    }

    init(_ pattern: String) throws(EvaluationFailure.Reason) {
        do throws(Refusal) {
            try self.init(pattern: pattern)
        } catch {
            throw .invalidArgument("the pattern is refused: \(error.reason)")
        }
    }

    /// Instructions of the program; what compiling cost.
    var size: Int { program.count }

    package static func == (left: RegularExpression, right: RegularExpression) -> Bool {
        left.source.utf8.elementsEqual(right.source.utf8)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(source) }

    /// Whether it matches anywhere in the text; nil when that took more than the steps allowed.
    package func matches(_ text: String, stepsAtMost: Int) -> Bool? {
        var meter = Meter(stepsAtMost: stepsAtMost)
        return try? matches(text, meter: &meter)
    }

    /// Runs all threads of the program side by side, one code point at a time.
    func matches(_ text: String, meter: inout Meter) throws(EvaluationFailure.Reason) -> Bool {
        var current = RegexThreads(count: program.count)
        var next = RegexThreads(count: program.count)
        var before: Unicode.Scalar?
        var scalars = text.unicodeScalars.makeIterator()
        var scalar = scalars.next()
        while true {
            current.add(0, of: program, before: before, after: scalar)
            try meter.spend(current.visited / 4 + 1)
            if current.matched { return true }
            guard let now = scalar else { return false }
            scalar = scalars.next()
            next.clear()
            for thread in current.waiting where program[thread].accepts(now) {
                next.add(thread + 1, of: program, before: now, after: scalar)
            }
            if next.matched { return true }
            swap(&current, &next)
            before = now
        }
    }
}

/// A step of a compiled pattern.
enum RegexInstruction: Sendable {
    case scalar(Unicode.Scalar)
    case set(RegexSet)
    case assertion(RegexAssertion)
    case jump(Int)
    case split(Int, Int)
    case match

    func accepts(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .scalar(let wanted): wanted == scalar
        case .set(let set): set.contains(scalar)
        default: false
        }
    }
}

enum RegexAssertion: Sendable {
    case textStart
    case textEnd
    case lineStart
    case lineEnd
    case wordBoundary
    case noWordBoundary

    func holds(before: Unicode.Scalar?, after: Unicode.Scalar?) -> Bool {
        switch self {
        case .textStart: before == nil
        case .textEnd: after == nil
        case .lineStart: before == nil || before == "\n"
        case .lineEnd: after == nil || after == "\n"
        case .wordBoundary: Self.isWord(before) != Self.isWord(after)
        case .noWordBoundary: Self.isWord(before) == Self.isWord(after)
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map(RegexSet.word.contains) ?? false
    }
}

/// The places in the program where a match may go on, each at most once.
private struct RegexThreads {
    private(set) var waiting: [Int] = []
    private(set) var matched = false
    private(set) var visited = 0
    private var seen: [Bool]
    private var stack: [Int] = []

    init(count: Int) { seen = [Bool](repeating: false, count: count) }

    mutating func clear() {
        waiting.removeAll(keepingCapacity: true)
        matched = false
        visited = 0
        for place in seen.indices { seen[place] = false }
    }

    mutating func add(_ place: Int, of program: [RegexInstruction], before: Unicode.Scalar?, after: Unicode.Scalar?) {
        stack.append(place)
        while let place = stack.popLast() {
            guard place < seen.count, !seen[place] else { continue }
            seen[place] = true
            visited += 1
            switch program[place] {
            case .scalar, .set: waiting.append(place)
            case .match: matched = true
            case .jump(let target): stack.append(target)
            case .split(let first, let second):
                stack.append(second)
                stack.append(first)
            case .assertion(let assertion):
                if assertion.holds(before: before, after: after) { stack.append(place + 1) }
            }
        }
    }
}
